"""Cases of Route 53."""

from __future__ import annotations

from typing import Any

RECORD = "aws:route53/record:Record"
ALIAS = {"name": "lb.example.com", "zoneId": "Z35SXDOTRQ7X7K", "evaluateTargetHealth": False}
HERE = {"zoneId": "Z1", "name": "shop.example.com"}

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    RECORD: ({**HERE, "type": "A", "aliases": [ALIAS]}, "Z1_shop.example.com_A", ""),
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (RECORD, {**HERE, "type": "ALIAS", "aliases": [ALIAS]}, "type: must be one of"),
    (RECORD, {**HERE, "type": "CNAME", "records": ["a.b."]}, "ttl: must be given"),
    (RECORD, {**HERE, "type": "CNAME", "ttl": 60}, "records: must be given"),
    (RECORD, {**HERE, "type": "A", "aliases": [ALIAS], "ttl": 60}, "ttl: can't be given together"),
    (RECORD, {**HERE, "type": "A", "ttl": -1, "records": ["10.0.0.1"]}, "ttl: must be 0 to"),
    (RECORD, {**HERE, "name": "a b.com", "type": "A", "aliases": [ALIAS]}, "name: must hold no"),
    (RECORD, {**HERE, "type": "A", "aliases": [ALIAS, ALIAS]}, "aliases: must hold at most 1"),
]
