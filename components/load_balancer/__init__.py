"""The load balancer: listeners, rules, certificates, logins, firewall and logs."""
