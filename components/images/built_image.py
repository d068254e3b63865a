"""Images that are built from a folder and pushed to ECR."""

import json
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_docker_build as docker

from components.environment import Environment
from components.images.build_context import content_hash
from components.images.images import ContainerImage, Images, read_repository, registry
from components.settings import TaskSettings
from components.settings.build import BuildSettings

PLATFORM: Final = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}

ZSTD_LEVEL: Final = 3
"""zstd's own default. Unless a level is given, docker-build passes no compression on at all."""

KEPT_IMAGES: Final = 30
"""Images that a repository keeps, the newest first: so many deployments can be gone back."""

# A build pushes three manifests: the index, which has the tag, and in it the image and how it was
# built (BuildKit's provenance), which have none. Counted are indexes; what an index holds stays
# as long as the index does (Amazon ECR user guide, "Lifecycle policies").
LIFECYCLE: Final[dict[str, Any]] = {
    "rules": [
        {
            "rulePriority": 1,
            "description": "What has no tag and belongs to no image that has one",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 1,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "description": f"All but the newest {KEPT_IMAGES} images",
            "selection": {
                "tagStatus": "tagged",
                "tagPatternList": ["*"],
                "countType": "imageCountMoreThan",
                "countNumber": KEPT_IMAGES,
            },
            "action": {"type": "expire"},
        },
    ]
}


class BuiltImage(pulumi.ComponentResource):
    """An image that is built from a folder, in an ECR repository of its own.

    Creates a repository whose tags can't be overwritten and whose images are scanned when they are
    pushed, its lifecycle policy, and the image: built by the machine that deploys, with layers
    compressed by zstd, tagged by a hash of its content. Another content is another image; one that
    the repository has already, as after going back to an earlier commit, isn't pushed again.

    Cost (us-east-1): 0.10 USD per GB-month of compressed layers; what images have in common counts
    once. Scanning with ECR's basic scanner is free.
    """

    image: ContainerImage

    def __init__(
        self,
        name: str,
        settings: BuildSettings,
        *,
        architecture: str,
        environment: Environment,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:ecr:BuiltImage", name, None, opts)
        self._name_ = name
        self._settings = settings
        self._platform = PLATFORM[architecture]
        self._environment = environment
        self._tag = self._content_tag()

        repository, lifecycle = self._create_repository()
        reference = pulumi.Output.concat(
            registry(environment), "/", repository.name, ":", self._tag
        )
        pushed = self._create_image(reference)
        self.image = ContainerImage(
            reference,
            read_repository(
                environment.arn("ecr", pulumi.Output.concat("repository/", repository.name))
            ),
            (pushed, lifecycle),
        )
        self.register_outputs({"reference": reference})

    @property
    def _repository_name(self) -> str:
        return self._environment.regional_name(self._name_, limit=256).lower()

    def _content_tag(self) -> str:
        """Return the image's tag.

        Raises:
            pulumi.RunError: the context can't be read.
        """
        settings = self._settings
        recipe = {
            "arguments": settings.arguments,
            "compression": ["zstd", ZSTD_LEVEL],
            "platform": self._platform,
            "target": settings.target,
        }
        try:
            return content_hash(settings.folder, settings.folder / settings.dockerfile, recipe)
        except (OSError, ValueError) as error:
            raise pulumi.RunError(f"{self._name_}.build: {error}") from None

    def _create_repository(self) -> tuple[aws.ecr.Repository, aws.ecr.LifecyclePolicy]:
        child = pulumi.ResourceOptions(parent=self)
        repository = aws.ecr.Repository(
            f"{self._name_}-repository",
            name=self._repository_name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(
                scan_on_push=True
            ),
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="AES256")
            ],
            # Images can be built again, and with any in it a repository couldn't be deleted.
            force_delete=True,
            opts=child,
        )
        lifecycle = aws.ecr.LifecyclePolicy(
            f"{self._name_}-lifecycle",
            repository=repository.name,
            policy=json.dumps(LIFECYCLE, sort_keys=True),
            opts=child,
        )
        return repository, lifecycle

    def _create_image(self, reference: pulumi.Output[str]) -> docker.Image:
        settings = self._settings
        token = aws.ecr.get_authorization_token_output(opts=pulumi.InvokeOutputOptions(parent=self))
        return docker.Image(
            # Another content is another resource: ECR refuses a second push to the same tag, so
            # that what decides about pushing is decided once, when this content is first seen.
            f"{self._name_}-image-{self._tag}",
            context=docker.BuildContextArgs(location=settings.context),
            dockerfile=docker.DockerfileArgs(location=settings.dockerfile_path),
            target=settings.target,
            build_args=dict(sorted(settings.arguments.items())),
            platforms=[docker.Platform(self._platform)],
            tags=[reference],
            exports=self._exports(),
            push=False,  # the export does
            # A preview would build without pushing, each time, and need minutes for it.
            build_on_preview=False,
            registries=[
                docker.RegistryArgs(
                    address=registry(self._environment),
                    username=token.user_name,
                    password=pulumi.Output.secret(token.password),
                )
            ],
            opts=pulumi.ResourceOptions(
                parent=self,
                ignore_changes=["exports"],
                # Running tasks may start again from an older image; the lifecycle policy deletes.
                retain_on_delete=True,
            ),
        )

    def _exports(self) -> pulumi.Output[list[docker.ExportArgs]]:
        """Push the image, compressed; if the repository has it already, only build it."""
        push = docker.ExportArgs(
            registry=docker.ExportRegistryArgs(
                compression=docker.CompressionType.ZSTD,
                compression_level=ZSTD_LEVEL,
                # Layers of the base image too, which as a rule come as gzip.
                force_compression=True,
                oci_media_types=True,
                push=True,
            )
        )
        keep = docker.ExportArgs(raw="type=cacheonly")
        return self._pushed_tags().apply(lambda tags: [keep if self._tag in tags else push])

    def _pushed_tags(self) -> pulumi.Output[list[str]]:
        """Return the tags that the repository has; none as long as there is no repository."""
        opts = pulumi.InvokeOutputOptions(parent=self)

        def tags(names: list[str]) -> pulumi.Output[list[str]]:
            if self._repository_name not in names:
                return pulumi.Output.from_input(list[str]())
            found = aws.ecr.get_images_output(repository_name=self._repository_name, opts=opts)
            return found.image_ids.apply(lambda images: [image.image_tag for image in images])

        return aws.ecr.get_repositories_output(opts=opts).names.apply(tags)


def task_image(
    name: str,
    settings: TaskSettings,
    *,
    images: Images,
    parent: pulumi.Resource,
) -> ContainerImage:
    """Return the image that the settings of a service or job name, or build it.

    Args:
        name: the service's name.
        settings: the service's settings.
        images: where images come from, and the account and region of the built one's repository.
        parent: the service's component.
    """
    if settings.build is None:
        return images.container_image(settings.image or "")
    return BuiltImage(
        name,
        settings.build,
        architecture=settings.architecture,
        environment=images.environment,
        opts=pulumi.ResourceOptions(parent=parent),
    ).image
