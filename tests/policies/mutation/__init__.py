"""Whether breaking a rule makes a test fail: `make mutate-policies`."""
