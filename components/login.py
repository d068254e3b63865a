"""Signing users in before a request reaches a service."""

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
    secret = aws.secretsmanager.get_secret_version_output(secret_id=oidc.secret_name)
    return aws.lb.ListenerRuleActionAuthenticateOidcArgs(
        issuer=oidc.issuer,
        authorization_endpoint=oidc.authorization_endpoint,
        token_endpoint=oidc.token_endpoint,
        user_info_endpoint=oidc.user_info_endpoint,
        client_id=oidc.client_id,
        client_secret=pulumi.Output.secret(secret.secret_string),
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
