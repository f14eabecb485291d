using System.Globalization;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>
/// How many failed attempts in a row disable an account, as the server has it: environment, then configuration, then no
/// limit.
/// </summary>
/// <param name="Attempts">The number; 0 for no limit.</param>
/// <param name="Warning">
/// Why it may not be the expected number, as sentences; null when it is what is configured.
/// </param>
public sealed record LockoutThreshold(int Attempts, string? Warning = null)
{
    /// <summary>The server's environment variable.</summary>
    public const string Variable = "PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT";

    /// <summary>The threshold in force.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: the environment variable is not a whole number, or this account
    /// may not read the configuration.
    /// </exception>
    public static LockoutThreshold Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } setting
            ? new LockoutThreshold(Parse(setting))
            : In(new ServerInstallation().Configuration);

    internal static LockoutThreshold In(ServerConfiguration? configuration) => configuration switch
    {
        { Rejection: { } rejection } => new LockoutThreshold(
            0,
            $"The server ignores its configuration '{configuration.Path}', which it cannot use ({rejection}), and "
                + "disables no account after failed sign-ins. Neither does this sign-in. Correct the configuration."),
        _ => new LockoutThreshold(configuration?.MaxFailedAttempts ?? 0),
    };

    private static int Parse(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new PgEdgeUsersException(
                FailureKind.InvalidConfiguration,
                $"The environment variable {Variable} must be a whole number, 0 for no lockout. Correct or remove it.");
}
