"""What a job's tasks get of a batch of events: a JSONata expression for Step Functions.

It has JSONata 2.0.6, whose reference is https://docs.jsonata.org, and adds $parse, which reads JSON
(Step Functions guide, "Transforming data with JSONata"). JSONPath, in which the other states are,
can't read JSON within an array, nor count.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

OVERRIDES_LIMIT: Final = 8192
"""Characters that the overrides of a task may have as JSON (Amazon ECS API reference, RunTask)."""
ESCAPED: Final = "x" * 12
r"""As long as any character outside of ASCII may become in JSON: \ud83d\ude00. Whether ECS counts
characters or what they become isn't documented."""

EXPRESSION: Final = """(
  $step := function($found, $name) {
    $type($name) = "number"
      ? ($type($found) = "array" ? $found[$name])
      : ($type($found) = "object" ? $lookup($found, $name))
  };
  $field := function($event, $path) {(
    $found := $reduce($path, $step, $event);
    $type($found) = "number"
      ? ($abs($found) < 1000000000000000 ? $found)
      : ($type($found) in ["string", "boolean"] ? $found)
  )};
  $rows := [$map($states.context.Execution.Input, function($record) {(
    $event := $type($record.body) = "string" ? $parse($record.body) : $record.body;
    $values := [FIELDS];
    {"values": $values, "size": $length($replace($string([$string($values)]), /[^ -~]/, "ESCAPED"))}
  )})];
  $whole := [$filter($rows, function($row) {$count($row.values) = COUNT and $row.size <= ROOM})];
  $placed := $reduce($whole, function($before, $row) {(
    $fits := $before.used + $row.size <= ROOM;
    $task := $fits ? $before.task : $before.task + 1;
    {
      "task": $task,
      "used": $fits ? $before.used + $row.size : $row.size,
      "rows": $append($before.rows, {"task": $task, "values": $row.values})
    }
  )}, {"task": -1, "used": ROOM, "rows": []});
  [$map([0..$placed.task], function($task) {(
    $own := $filter($placed.rows, function($row) {$row.task = $task});
    {"events": $count($own), "environment": [VARIABLES]}
  )})]
)"""


def tasks_of_batch(container: str, variables: Mapping[str, str]) -> str:
    """Return the expression of an array with an item for each task that a batch takes.

    An item has how many `events` it holds, and the `environment` of the job's own container: a
    variable's value is a JSON array with a field of each of these events, in one and the same
    order. Most batches are one task; one whose overrides ECS would refuse is several.

    The execution's input is the array of SQS messages that a pipe received; the text of each is an
    event. What pipes do to text that is JSON is documented for filters and templates only, so a
    message that is an object already is taken too. All of it is data: no text becomes part of the
    expression, and $string escapes what it puts into an array.

    Events without one of the fields are in no task, nor are those that alone have more than ECS
    takes. Fields are found as in a job without batches: by one step after another, where JSONata's
    own paths would look into arrays too. JSONata writes 15 digits of a number, so a longer whole
    one, such as an id, is no field rather than another number.

    Args:
        container: name of the container that gets the variables.
        variables: by variable, the path of a field, such as $.detail.order.id.
    """
    fields = [
        f"$field($event, {json.dumps(_steps(path))})" for _, path in sorted(variables.items())
    ]
    arrays = [
        f'{{"Name": {json.dumps(name)}, '
        f'"Value": $string([$map($own, function($row) {{$row.values[{at}]}})])}}'
        for at, name in enumerate(sorted(variables))
    ]
    empty = environment_overrides(
        container, [{"Name": name, "Value": "[]"} for name in sorted(variables)]
    )
    parts = {
        "FIELDS": ", ".join(fields),
        "COUNT": str(len(variables)),
        "ROOM": str(OVERRIDES_LIMIT - len(json.dumps(empty))),
        "VARIABLES": ", ".join(arrays),
        "ESCAPED": ESCAPED,
    }
    return re.sub(r"\b[A-Z]{4,}\b", lambda found: parts[found[0]], EXPRESSION)


def environment_overrides(container: str, environment: object) -> Mapping[str, Any]:
    """Return overrides of a task that give a container an environment."""
    return {"ContainerOverrides": [{"Name": container, "Environment": environment}]}


def _steps(path: str) -> list[str | int]:
    """Return the names and indices that a path leads over."""
    found = re.findall(r"\.([^.\[]+)|\[(\d+)\]", path)
    return [name or int(index) for name, index in found]
