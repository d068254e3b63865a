"""What holds for any grants: named actions on what is declared, and nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any

from fargate_policies.models.credentials import names_credential
from hypothesis import given, settings
from hypothesis import strategies as st

from components.settings.platform import GRANTABLE
from tests.unit.support.granted import DECLARED, EVERYTHING, OTHER_KEY_ARN, PLACE, granted

Things = dict[str, dict[str, Any]]

REGIONS = ("eu-west-1", "us-gov-west-1", "ap-southeast-2")
regions = st.sampled_from(REGIONS)
accounts = st.sampled_from(["111122223333", "444455556666"])
places = st.tuples(regions, accounts).map(":".join)
plain = st.text("abcxyz019", min_size=3, max_size=12)
words = plain.map(lambda text: f"a{text}")
key_kinds = st.sampled_from([None, "by-arn", "by-alias"])


def some(*choices: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return one of several forms of a thing, encrypted with a key of its region or not."""
    return st.tuples(st.one_of(*choices), key_kinds).map(lambda parts: _encrypted(*parts))


def _encrypted(thing: dict[str, Any], kind: str | None) -> dict[str, Any]:
    region = thing.get("arn", ":::").split(":")[3] or REGIONS[0]
    return {**thing, "key": f"{kind}-{region}" if kind == "by-arn" else kind}


def arns(pattern: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return things that exist already."""
    return st.tuples(places, plain).map(lambda parts: {"arn": f"arn:aws:{pattern.format(*parts)}"})


created: st.SearchStrategy[dict[str, Any]] = st.just({})
buckets = arns("s3:::{1}") | st.tuples(arns("s3:::{1}"), plain, accounts).map(
    lambda parts: {**parts[0], "prefix": f"{parts[1]}/", "account": parts[2]}
)
sources = st.lists(words, max_size=2, unique=True).map(lambda found: {"sources": found})
THINGS: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "queues": some(created, arns("sqs:{0}:{1}")),
    "topics": some(created, arns("sns:{0}:{1}")),
    "buckets": some(created, buckets),
    # A created table takes a key by its ARN only.
    "tables": created | some(arns("dynamodb:{0}:table/{1}")),
    "eventBuses": sources | arns("events:{0}:event-bus/{1}"),
    # One of another account takes a key of that account only.
    "secrets": some(
        st.tuples(regions, plain).map(
            lambda parts: {
                "arn": f"arn:aws:secretsmanager:{parts[0]}:111122223333:secret:{parts[1]}-a1B2c3"
            }
        )
    ),
    "parameters": some(
        plain.map(lambda name: {"name": f"x{name}"}),
        plain.map(lambda name: {"name": f"/x/{name}"}),
        plain.map(lambda name: {"path": f"/x/{name}"}),
    ),
    "keys": st.just({"alias": "alias/documents"})
    | st.just({"arn": f"arn:aws:kms:{PLACE}:key/{'1' * 32}"}),
}
KEYS: Things = {
    **{
        f"by-arn-{region}": {"arn": f"arn:aws:kms:{region}:111122223333:key/{'2' * 32}"}
        for region in REGIONS
    },
    "by-alias": {"alias": "alias/seal"},
}


@st.composite
def stacks(draw: st.DrawFn) -> tuple[dict[str, Things], dict[str, list[str]]]:
    """Draw what a stack declares, and what one service is granted of it."""
    declared: dict[str, Things] = {}
    grants = {}
    for name in draw(st.lists(words, max_size=6, unique=True)):
        section = draw(st.sampled_from(sorted(THINGS)))
        declared.setdefault(section, {})[name] = draw(THINGS[section])
        levels = st.sets(st.sampled_from(GRANTABLE[section].levels))
        if found := sorted(draw(levels)):
            grants[name] = found
    declared["keys"] = {**declared.get("keys", {}), **KEYS}
    return declared, grants


def arns_of(name: str, section: str, thing: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a thing's ARNs may be, patterns of what is in it included."""
    own = {
        "queues": f"arn:aws:sqs:{PLACE}:platform-test-{name}",
        "topics": f"arn:aws:sns:{PLACE}:platform-test-{name}",
        "buckets": f"arn:aws:s3:::platform-test-eu-west-1-111122223333-{name}",
        "tables": f"arn:aws:dynamodb:{PLACE}:table/platform-test-{name}",
        "eventBuses": f"arn:aws:events:{PLACE}:event-bus/platform-test-{name}",
        "keys": f"arn:aws:kms:{PLACE}:key/*",
        "parameters": f"arn:aws:ssm:{PLACE}:parameter/"
        + (thing.get("name") or thing.get("path") or "").lstrip("/"),
    }
    arn = thing.get("arn") or own[section]
    yield arn
    yield from {
        "buckets": [f"{arn}/{thing.get('prefix', '')}*"],
        "tables": [f"{arn}/index/*"],
        "parameters": [f"{arn}/*"] if "path" in thing else [],
    }.get(section, [])


@settings(max_examples=60)
@given(stacks())
def test_every_statement_is_about_named_actions_on_what_is_granted_and_each_is_found_by_a_variable(
    drawn: tuple[dict[str, Things], dict[str, list[str]]],
) -> None:
    declared, grants = drawn
    policy, variables = granted(declared, grants, preview=True)
    things = {
        name: (section, thing)
        for section, members in declared.items()
        for name, thing in members.items()
    }
    wanted = {name: things[name] for name in grants}
    for _, thing in list(wanted.values()):
        if key := thing.get("key"):
            wanted[key] = things[key]
    allowed = {arn for name, found in wanted.items() for arn in arns_of(name, *found)}
    for statement in policy:
        assert statement["Effect"] == "Allow"
        assert not any("*" in action or "?" in action for action in statement["Action"])
        assert statement["Action"] == sorted(set(statement["Action"]))
        assert set(statement["Resource"]) <= allowed
        assert "*" not in statement["Resource"]
        if any(resource.endswith(":key/*") for resource in statement["Resource"]):
            (alias,) = statement["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"]
            assert alias in ("alias/documents", "alias/seal")
    assert bool(policy) == bool(grants)
    assert len(variables) == len(grants)
    assert all(any(v.startswith(f"{name.upper()}_") for v in variables) for name in grants)


def test_variables_are_known_in_the_first_preview_and_named_for_what_they_are() -> None:
    _, variables = granted(DECLARED, EVERYTHING, preview=True)
    region, account = PLACE.split(":")
    assert variables == {
        "BY_ALIAS_KEY_ID": "alias/documents",
        "BY_ARN_KEY_ID": f"arn:aws:kms:{PLACE}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "CARTS_TABLE_NAME": "platform-test-carts",
        "DATABASE_SECRET_ARN": f"arn:aws:secretsmanager:{PLACE}:secret:shop/database-a1B2c3",
        "DOCUMENTS_BUCKET_NAME": f"platform-test-{region}-{account}-documents",
        "HOST_PARAMETER_NAME": "/shop/host",
        "NEWS_TOPIC_ARN": f"arn:aws:sns:{PLACE}:platform-test-news",
        "ORDERS_QUEUE_URL": f"https://sqs.{region}.amazonaws.com/{account}/platform-test-orders",
        "PLAIN_HOST_PARAMETER_NAME": "host",
        "PRODUCTION_PARAMETER_PATH": "/shop/production",
        "SEALED_BUCKET_NAME": f"platform-test-{region}-{account}-sealed",
        "SEALED_CARTS_TABLE_NAME": "platform-test-sealed-carts",
        "SEALED_DATABASE_SECRET_ARN": f"arn:aws:secretsmanager:{PLACE}:secret:shop/database-a1B2c3",
        "SHOP_EVENT_BUS_ARN": f"arn:aws:events:{PLACE}:event-bus/platform-test-shop",
        "SOURCED_EVENT_BUS_ARN": f"arn:aws:events:{PLACE}:event-bus/platform-test-sourced",
        "THEIRS_KEY_ID": OTHER_KEY_ARN,
        "THEIR_BUCKET_BUCKET_NAME": "team-documents",
        "THEIR_BUS_EVENT_BUS_ARN": "arn:aws:events:us-west-2:444455556666:event-bus/default",
        "THEIR_QUEUE_QUEUE_URL": "https://sqs.us-west-2.amazonaws.com/444455556666/parcels",
        "THEIR_TABLE_TABLE_NAME": "arn:aws:dynamodb:us-west-2:444455556666:table/parcels",
        "THEIR_TOPIC_TOPIC_ARN": "arn:aws:sns:us-west-2:444455556666:parcels",
    }


def test_no_variable_is_taken_for_a_credential_by_the_policy_pack() -> None:
    names = ("tokens", "api-key", "password")
    declared = {
        section: {f"{name}-{number}": thing for name in names}
        for number, (section, thing) in enumerate(
            {
                "queues": {},
                "topics": {},
                "buckets": {},
                "tables": {},
                "eventBuses": {},
                "secrets": {"arn": f"arn:aws:secretsmanager:{PLACE}:secret:db-a1B2c3"},
                "parameters": {"path": "/shop"},
                "keys": {"alias": "alias/documents"},
            }.items()
        )
    }
    grants = {
        name: list(GRANTABLE[section].levels)
        for section, members in declared.items()
        for name in members
    }
    _, variables = granted(declared, grants, preview=True)
    assert len(variables) == len(names) * len(GRANTABLE)
    assert not [name for name in variables if names_credential(name)]
