"""Settings of a route's login: users sign in before a request reaches the service."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.settings.base import Model, matching

HttpsUrl = Annotated[
    str,
    Field(max_length=2048),
    matching(
        r"https://[a-z0-9.-]+(:\d{1,5})?(/[^\s?#]*)?",
        "must be a full URL, https://login.example.com/path, as the provider's "
        "/.well-known/openid-configuration has it",
    ),
]
EndpointUrl = Annotated[
    HttpsUrl,
    matching(
        r"https://[^/:]+(:443)?(/.*)?",
        "must be on port 443, the only one on which the load balancer may leave its security group",
    ),
]
SecretName = Annotated[
    str,
    Field(max_length=512),
    matching(
        r"[A-Za-z0-9/_+=.@-]+",
        "must be the name of a secret in Secrets Manager, such as shop/login",
    ),
]
ClientId = Annotated[str, Field(min_length=1, max_length=255)]
Scope = Annotated[
    str,
    Field(max_length=255),
    matching(
        r"(?=(.* )?openid( .*)?$)[\x21-\x7e]+( [\x21-\x7e]+)*",
        'must be words with single spaces between them, openid among them: "openid email"',
    ),
]


class OidcSettings(Model):
    """A provider of OpenID Connect; its documentation and discovery document have the values.

    Tell it the redirect URL https://HOST/oauth2/idpresponse for each host of the route.
    """

    issuer: HttpsUrl
    """The provider's issuer, exactly as in its tokens."""
    authorization_endpoint: HttpsUrl
    """Where browsers are sent to sign in."""
    token_endpoint: EndpointUrl
    """Where the load balancer exchanges the code for tokens, on port 443. Its name has to resolve
    in public DNS, and its certificate to come from a public authority."""
    user_info_endpoint: EndpointUrl
    """Where the load balancer reads the user's claims, on port 443 as well."""
    client_id: ClientId
    """Id that the provider gave to this application."""
    secret_name: SecretName
    """Name of the secret in Secrets Manager that holds the client secret as plain text, and nothing
    else: no JSON. It is read at each preview and update, so the next update after a rotation
    applies the new one; the state keeps it encrypted."""
    scope: Scope = "openid"
    """What the provider is asked to tell of the user."""


class CognitoSettings(Model):
    """A user pool of Cognito, with a client that has a secret and the code grant.

    Tell the client the redirect URL https://HOST/oauth2/idpresponse for each host of the route.
    """

    user_pool_arn: Annotated[
        str,
        matching(
            r"arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool/[A-Za-z0-9_-]+",
            "must be the ARN of a user pool, arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID",
        ),
    ]
    """ARN of the user pool."""
    client_id: ClientId
    """Id of the user pool's client; the load balancer asks Cognito itself for its secret."""
    domain: Annotated[
        str,
        Field(max_length=255),
        matching(
            r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?",
            "must be the user pool's domain: the prefix alone for Cognito's own, or a full name",
        ),
    ]
    """The user pool's domain: its prefix, or the full name of a domain of your own."""
    scope: Scope = "openid"
    """What Cognito is asked to tell of the user."""


class LoginSettings(Model):
    """Who may use a route: users that sign in with OpenID Connect or Cognito, one of the two.

    The load balancer signs users in and passes what it knows of them in the header
    x-amzn-oidc-data, whose signature the service has to verify. It costs nothing beyond the load
    balancer's capacity units.
    """

    oidc: OidcSettings | None = None
    """Sign in with a provider of OpenID Connect."""
    cognito: CognitoSettings | None = None
    """Sign in with a user pool of Cognito."""
    session_timeout: Annotated[int, Field(ge=1, le=604_800)] = 43_200
    """Seconds after which a user has to sign in again, 1 to 604800; half a day by default."""
    unauthenticated: Literal["authenticate", "deny"] = "authenticate"
    """What happens to requests without a session: authenticate sends the browser to sign in, deny
    answers with 401, as a page's background requests need it."""

    @model_validator(mode="after")
    def _has_one_provider(self) -> Self:
        if (self.oidc is None) == (self.cognito is None):
            given = "neither is" if self.oidc is None else "both are"
            raise ValueError(f"needs exactly one of oidc and cognito, and {given} given")
        return self
