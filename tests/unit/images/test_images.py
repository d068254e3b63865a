"""What pulling an image needs: nothing, or reading exactly one repository."""

import pulumi
import pytest

from components.images.images import Images, reading_statements
from tests.unit.support.cloud import ENVIRONMENT

ECR = "444455556666.dkr.ecr.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    "image",
    [
        "nginx:1",
        "public.ecr.aws/nginx/nginx:1.29",
        f"evil.example.com/{ECR}/web:1",
        f"{ECR}.evil.example.com/web:1",
    ],
)
def test_an_image_outside_of_ecr_needs_no_permission(image: str) -> None:
    assert reading_statements(ENVIRONMENT, image) == ()


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        (f"{ECR}/web:v1", "web"),
        (f"{ECR}/team/web:v1", "team/web"),
        (f"{ECR}/team/web@sha256:{'a' * 64}", "team/web"),
        (f"{ECR}/team/web:v1@sha256:{'a' * 64}", "team/web"),
    ],
)
def test_an_image_in_ecr_needs_the_login_and_reading_its_repository(
    image: str, repository: str
) -> None:
    login, read = reading_statements(ENVIRONMENT, image)
    assert (login["Action"], login["Resource"]) == (["ecr:GetAuthorizationToken"], ["*"])
    assert read["Resource"] == [f"arn:aws:ecr:us-east-1:444455556666:repository/{repository}"]
    assert all(action.startswith("ecr:") and "Put" not in action for action in read["Action"])


def test_without_internet_an_image_of_another_region_is_an_error() -> None:
    image = f"{ECR}/web:v1"
    with pytest.raises(pulumi.RunError) as raised:
        Images(ENVIRONMENT, internet=False).container_image(image)
    assert str(raised.value) == (
        f"{image}: the image is in us-east-1, and without a way to the internet images come from "
        "ECR in eu-west-1 alone: copy it there, and name the copy"
    )
    Images(ENVIRONMENT).container_image(image)
    Images(ENVIRONMENT, internet=False).container_image(image.replace("us-east-1", "eu-west-1"))
