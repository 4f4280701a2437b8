import TokenCredentials

// Meanings after Microsoft's reference of error codes, in words of our own.
extension EntraErrorCode {
    /// Troubles with a person's account or sign-in.
    static let userRows: [EntraErrorCode] = [
        .init(
            16000, .signInNeeded, "the account is not in tenant {tenant}",
            "Sign in with another account, or have this one invited as a guest."),
        .init(
            50014, .signInNeeded, "the account is unknown in tenant {tenant}",
            "Check the tenant, or sign in with another account."),
        .init(
            50020, .signInNeeded, "the account is unknown in tenant {tenant}",
            "Check the tenant, or sign in with another account."),
        .init(
            50034, .signInNeeded, "the account is unknown in tenant {tenant}",
            "Check the tenant, or sign in with another account."),
        .init(
            51004, .signInNeeded, "the account is unknown in tenant {tenant}",
            "Check the tenant, or sign in with another account."),
        .init(
            90072, .signInNeeded, "the account belongs to another directory and is no guest in tenant {tenant}",
            "Have the account invited, or sign in with another."),
        .init(
            50053, .refused, "the account is locked, or the sign-in came from a suspicious address",
            "Wait, or ask an administrator."),
        .init(
            53011, .refused, "the account is blocked because it may be in somebody else's hands",
            "Ask an administrator."),
        .init(50055, .signInNeeded, "the password has expired", "Change the password."),
        .init(50144, .signInNeeded, "the password has expired", "Change the password."),
        .init(
            50056, .signInNeeded, "the user name or the password is wrong",
            "Check both; an account of a federated domain cannot be used this way."),
        .init(
            50064, .signInNeeded, "the user name or the password is wrong",
            "Check both; an account of a federated domain cannot be used this way."),
        .init(
            50126, .signInNeeded, "the user name or the password is wrong",
            "Check both; an account of a federated domain cannot be used this way."),
        .init(50057, .refused, "the account is disabled", "Ask an administrator."),
        .init(50058, .signInNeeded, "nobody is signed in", "Sign in."),
        .init(50072, .signInNeeded, "the account has to register a second factor", "Sign in interactively once."),
        .init(50079, .signInNeeded, "the account has to register a second factor", "Sign in interactively once."),
        .init(
            50074, .signInNeeded, "a second factor is demanded",
            "Sign in interactively; a password alone cannot do it."),
        .init(
            50076, .signInNeeded, "a second factor is demanded",
            "Sign in interactively; a password alone cannot do it."),
        .init(50078, .signInNeeded, "the second factor has expired", "Sign in interactively."),
        .init(50085, .signInNeeded, "the sign-in has ended or was revoked", "Sign in again."),
        .init(50089, .signInNeeded, "the sign-in has ended or was revoked", "Sign in again."),
        .init(50132, .signInNeeded, "the sign-in has ended or was revoked", "Sign in again."),
        .init(50133, .signInNeeded, "the sign-in has ended or was revoked", "Sign in again."),
        .init(50173, .signInNeeded, "the sign-in has ended or was revoked", "Sign in again."),
        .init(
            50005, .refused, "only a device that the organisation manages may sign in",
            "Enrol this device and sign in through its broker, or ask an administrator for another way."),
        .init(
            530003, .refused, "only a device that the organisation manages may sign in",
            "Enrol this device and sign in through its broker, or ask an administrator for another way."),
        .init(
            50097, .refused, "only a device that the organisation manages may sign in",
            "Enrol this device and sign in through its broker, or ask an administrator for another way."),
        .init(
            50129, .refused, "only a device that the organisation manages may sign in",
            "Enrol this device and sign in through its broker, or ask an administrator for another way."),
        .init(
            50187, .refused, "only a device that the organisation manages may sign in",
            "Enrol this device and sign in through its broker, or ask an administrator for another way."),
        .init(
            53000, .refused, "only a device that the organisation manages may sign in",
            "Enrol this device and sign in through its broker, or ask an administrator for another way."),
        .init(
            53001, .refused, "only a device that the organisation manages may sign in",
            "Enrol this device and sign in through its broker, or ask an administrator for another way."),
        .init(
            53002, .refused, "only a device that the organisation manages may sign in",
            "Enrol this device and sign in through its broker, or ask an administrator for another way."),
        .init(
            50131, .refused, "a policy of tenant {tenant} blocks this sign-in",
            "Ask an administrator, or use another way to sign in."),
        .init(
            53003, .refused, "a policy of tenant {tenant} blocks this sign-in",
            "Ask an administrator, or use another way to sign in."),
        .init(
            530032, .refused, "a policy of tenant {tenant} blocks this sign-in",
            "Ask an administrator, or use another way to sign in."),
        .init(
            530035, .refused, "a policy of tenant {tenant} blocks this sign-in",
            "Ask an administrator, or use another way to sign in."),
        .init(50134, .signInNeeded, "the code was approved in another data centre", "Start the sign-in again."),
        .init(50158, .signInNeeded, "a challenge from outside was not met", "Sign in interactively."),
        .init(54005, .signInNeeded, "the code has been used already", "Start the sign-in again."),
        .init(70000, .signInNeeded, "what was given for the token is no longer accepted", "Sign in again."),
        .init(70008, .signInNeeded, "the sign-in has expired", "Sign in again."),
        .init(70043, .signInNeeded, "the sign-in has expired", "Sign in again."),
        .init(700082, .signInNeeded, "the sign-in has expired", "Sign in again."),
        .init(700084, .signInNeeded, "the sign-in has expired", "Sign in again."),
        .init(
            70016, .signInNeeded, "the sign-in has not been completed yet",
            "Enter the code on the page that was shown."),
        .init(70018, .signInNeeded, "the code was mistyped", "Start the sign-in again and copy the code."),
        .init(70019, .signInNeeded, "the code was not entered in time", "Start the sign-in again."),
        .init(90119, .signInNeeded, "no code was entered", "Start the sign-in again and copy the code."),
        .init(90120, .signInNeeded, "the code has been answered already", "Start the sign-in again."),
        .init(700020, .signInNeeded, "a person has to sign in", "Sign in interactively."),
    ]
}
