"""Signing users in before a request reaches a service."""

import json

import pulumi
import pulumi_aws as aws

from components.settings.login import CognitoSettings, LoginSettings, OidcSettings


def login_action(service: str, settings: LoginSettings) -> aws.lb.ListenerRuleActionArgs:
    """Return the first action of a listener rule with a login.

    Args:
        service: the service's name; its sessions are its own, since they are in a cookie named
            for it.
        settings: who signs users in.
    """
    cookie = f"AWSELBAuthSessionCookie-{service}"
    if settings.oidc:
        return aws.lb.ListenerRuleActionArgs(
            type="authenticate-oidc",
            order=1,
            authenticate_oidc=_oidc(settings.oidc, settings, cookie),
        )
    if settings.cognito:
        return aws.lb.ListenerRuleActionArgs(
            type="authenticate-cognito",
            order=1,
            authenticate_cognito=_cognito(settings.cognito, settings, cookie),
        )
    raise pulumi.RunError(f"services.{service}.route.login: needs oidc or cognito")


def _oidc(
    oidc: OidcSettings, settings: LoginSettings, cookie: str
) -> aws.lb.ListenerRuleActionAuthenticateOidcArgs:
    read = aws.secretsmanager.get_secret_version_output(secret_id=oidc.secret_name)
    text: pulumi.Output[str] = pulumi.Output.secret(read.secret_string)
    return aws.lb.ListenerRuleActionAuthenticateOidcArgs(
        issuer=oidc.issuer,
        authorization_endpoint=oidc.authorization_endpoint,
        token_endpoint=oidc.token_endpoint,
        user_info_endpoint=oidc.user_info_endpoint,
        client_id=oidc.client_id,
        client_secret=text.apply(lambda known: client_secret(oidc.secret_name, known)),
        scope=oidc.scope,
        session_cookie_name=cookie,
        session_timeout=settings.session_timeout,
        on_unauthenticated_request=settings.unauthenticated,
    )


def _cognito(
    cognito: CognitoSettings, settings: LoginSettings, cookie: str
) -> aws.lb.ListenerRuleActionAuthenticateCognitoArgs:
    return aws.lb.ListenerRuleActionAuthenticateCognitoArgs(
        user_pool_arn=cognito.user_pool_arn,
        user_pool_client_id=cognito.client_id,
        user_pool_domain=cognito.domain,
        scope=cognito.scope,
        session_cookie_name=cookie,
        session_timeout=settings.session_timeout,
        on_unauthenticated_request=settings.unauthenticated,
    )


def client_secret(name: str, text: str | None) -> str:
    """Return a client secret as the provider gave it: no end of line is part of one.

    Args:
        name: of the secret in Secrets Manager that it was read from.
        text: what that holds.

    Raises:
        pulumi.RunError: it holds something else, which the provider would refuse at each login.
    """
    secret = (text or "").strip()
    pairs = _is_json_object(secret)
    if pairs or not secret:
        found = "key/value pairs (JSON)" if pairs else "no text"
        raise pulumi.RunError(
            f"the secret {name} in Secrets Manager holds {found}; a login needs the client secret "
            "alone, as plain text"
        )
    return secret


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
