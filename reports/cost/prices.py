"""Prices in USD, with where they come from.

Sources, by the names used below:

- list: the AWS price list, read in September and October 2026.
- list 2024: the same, figures of 2024.
- kms page: https://aws.amazon.com/kms/pricing/, read in November 2026.
- sqs 2026: prices of March 2026 as https://cloudburn.io/blog/amazon-sqs-pricing gives them.
- efs 2026: prices of June 2026 as
  https://www.factualminds.com/blog/amazon-efs-pricing-throughput-modes-storage-classes/ gives them;
  that of storage also https://cloudburn.io/blog/amazon-efs-pricing (March 2026). Of Infrequent
  Access and of backups no price was found that two sources agree on.
- ecr 2026: prices of March 2026 as https://cloudburn.io/blog/amazon-ecr-pricing and
  https://www.wring.co/blog/aws-ecr-pricing-guide give them.
- sns 2026: https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/, 2026.
- events 2026: prices of March 2026 as https://cloudburn.io/blog/amazon-eventbridge-pricing gives
  them; of Pipes also https://www.wring.co/blog/aws-eventbridge-pricing-guide. That guide has
  Scheduler free of charge, the first one from 14 million invocations a month on.
- lambda 2026: prices of March 2026 as https://wring.co/blog/aws-lambda-pricing-guide and
  https://cloudchipr.com/blog/aws-lambda-pricing give them.
- alarms 2026: https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm, of standard resolution.
- states page: https://aws.amazon.com/step-functions/pricing/.
- dynamodb 2025: prices after the reduction of November 2024, read in July 2025 by
  https://airbyte.com/data-engineering-resources/dynamodb-pricing.
- dynamodb page: https://aws.amazon.com/dynamodb/pricing/.
- waf 2026: prices of 2026 as https://c3x.dev/blog/aws-waf-cost-explained/ and
  https://awsnegotiations.com/waf-pricing-strategy.html give them.

A price that isn't here is unknown: nothing is carried over from one region to another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HOURS: Final = 730
"""Hours of a month, as AWS's own calculator has them."""

AS_OF: Final = "October 2026"
"""When the prices by the hour were read."""

FREE_STORAGE_GB: Final = 20
"""Ephemeral storage that is included with a task or pod, in GiB."""


@dataclass(frozen=True)
class Rate:
    """What Fargate costs.

    Attributes:
        vcpu: USD for a vCPU and hour.
        gb: USD for a GB of memory and hour.
    """

    vcpu: Decimal
    gb: Decimal


@dataclass(frozen=True)
class Price:
    """What one unit of something costs.

    Attributes:
        amount: USD; None where no price is known.
        unit: what it is the price of.
        source: where it was read.
    """

    amount: Decimal | None
    unit: str
    source: str = ""


def _rates(*rows: tuple[str, str, str]) -> dict[str, Rate]:
    return {
        region: Rate(Decimal(vcpu), Decimal(gb))
        for regions, vcpu, gb in rows
        for region in regions.split()
    }


X86: Final = "X86_64"
ARM: Final = "ARM64"

# Source: list, Linux. ARM has only the regions whose figures were read.
ON_DEMAND: Final[Mapping[str, Mapping[str, Rate]]] = {
    X86: _rates(
        ("us-east-1 us-east-2 us-west-2 eu-west-1", "0.04048", "0.004445"),
        ("us-west-1 eu-central-1 eu-west-2 ap-northeast-2", "0.04656", "0.00511"),
        ("ca-central-1", "0.04456", "0.004865"),
        ("eu-north-1", "0.0445", "0.0049"),
        ("eu-west-3 eu-south-1", "0.0486", "0.0053"),
        ("ap-south-1", "0.04256", "0.004655"),
        ("ap-southeast-2", "0.04856", "0.00532"),
        ("ap-southeast-1 ap-northeast-1", "0.05056", "0.00553"),
        ("sa-east-1", "0.0696", "0.0076"),
    ),
    ARM: _rates(
        ("us-east-1 eu-west-1", "0.03238", "0.00356"),
        ("eu-west-2 ap-northeast-2", "0.03725", "0.00409"),
        ("ap-south-1", "0.02383", "0.00261"),
        ("sa-east-1", "0.0557", "0.00612"),
    ),
}

# Source: list. Spot prices float: this is a snapshot.
SPOT: Final[Mapping[str, Mapping[str, Rate]]] = {
    X86: _rates(("us-east-1", "0.01288871", "0.00141527")),
    ARM: _rates(("us-east-1", "0.01030969", "0.00113349")),
}

# Everything else is known for one region only.
HOME: Final = "us-east-1"
EXTRA_STORAGE: Final = Price(Decimal("0.000111"), "GB-hour above 20 GB", "list")
CONTROL_PLANE: Final = Price(Decimal("0.10"), "hour", "list")
CONTROL_PLANE_EXTENDED: Final = Price(Decimal("0.60"), "hour in extended support", "list")
NAT_GATEWAY: Final = Price(Decimal("0.045"), "hour", "list")
NAT_DATA: Final = Price(Decimal("0.045"), "GB processed", "list")
LOAD_BALANCER: Final = Price(Decimal("0.0225"), "hour", "list")
LOAD_BALANCER_UNITS: Final = Price(Decimal("0.008"), "LCU-hour", "list")
ENDPOINT: Final = Price(Decimal("0.01"), "hour and zone", "list 2024")
ENDPOINT_DATA: Final = Price(Decimal("0.01"), "GB processed", "list 2024")
PUBLIC_ADDRESS: Final = Price(Decimal("0.005"), "hour", "list")
KEY: Final = Price(Decimal(1), "month", "kms page")
KEY_REQUESTS: Final = Price(Decimal("0.03"), "10,000 requests", "kms page")
LOGS_INGESTED: Final = Price(Decimal("0.50"), "GB ingested", "list 2024")
LOGS_STORED: Final = Price(Decimal("0.03"), "GB-month stored", "list 2024")
QUEUE_REQUESTS: Final = Price(Decimal("0.40"), "million requests", "sqs 2026")
FIFO_REQUESTS: Final = Price(Decimal("0.50"), "million requests", "sqs 2026")
TOPIC_REQUESTS: Final = Price(Decimal("0.50"), "million requests", "sns 2026")
EVENTS: Final = Price(Decimal("1.00"), "million events of up to 64 KB", "events 2026")
PIPED: Final = Price(Decimal("0.40"), "million requests of up to 64 KB", "events 2026")
SCHEDULED: Final = Price(None, "million invocations above 14 million")
TRANSITIONS: Final = Price(Decimal("0.025"), "1,000 state transitions", "states page")
CALLS: Final = Price(Decimal("0.20"), "million requests", "lambda 2026")
GB_SECONDS: Final[Mapping[str, Price]] = {
    X86: Price(Decimal("0.0000166667"), "GB-second", "lambda 2026"),
    ARM: Price(Decimal("0.0000133334"), "GB-second", "lambda 2026"),
}
ALARM: Final = Price(Decimal("0.10"), "month", "alarms 2026")
TABLE_READS: Final = Price(Decimal("0.125"), "million reads of up to 4 KB", "dynamodb 2025")
TABLE_WRITES: Final = Price(Decimal("0.625"), "million writes of up to 1 KB", "dynamodb 2025")
TABLE_STORAGE: Final = Price(Decimal("0.25"), "GB-month above 25 GB", "dynamodb page")

IMAGES_STORED: Final = Price(Decimal("0.10"), "GB-month stored", "ecr 2026")
FILES_STORED: Final = Price(Decimal("0.30"), "GB-month stored", "efs 2026")
FILES_STORED_INFREQUENT: Final = Price(None, "GB-month stored")
FILES_READ: Final = Price(Decimal("0.03"), "GB read", "efs 2026")
FILES_WRITTEN: Final = Price(Decimal("0.06"), "GB written", "efs 2026")
FILES_BACKED_UP: Final = Price(None, "GB-month stored")

WEB_ACL: Final = Price(Decimal(5), "month", "waf 2026")
WEB_ACL_RULE: Final = Price(Decimal(1), "month", "waf 2026")
WEB_ACL_REQUESTS: Final = Price(Decimal("0.60"), "million requests", "waf 2026")


@dataclass(frozen=True)
class Instance:
    """An EC2 instance type, on demand in us-east-1 with Linux (source: list).

    Attributes:
        type: its name.
        architecture: as ECS writes it.
        vcpu, gb: its size.
        hourly: USD an hour.
    """

    type: str
    architecture: str
    vcpu: Decimal
    gb: Decimal
    hourly: Decimal


INSTANCES: Final = (
    Instance("m7i.large", X86, Decimal(2), Decimal(8), Decimal("0.1008")),
    Instance("m7g.large", ARM, Decimal(2), Decimal(8), Decimal("0.0816")),
)
