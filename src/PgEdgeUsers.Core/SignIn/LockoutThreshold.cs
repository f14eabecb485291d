using System.Globalization;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>
/// The number of consecutive failed attempts that disables an account. As in the server, it comes from the environment,
/// otherwise from the configuration; by default there is no limit.
/// </summary>
/// <param name="Attempts">The number; 0 for no limit.</param>
/// <param name="Warning">
/// A warning, in complete sentences, if the number differs from the configured one; otherwise null.
/// </param>
public sealed record LockoutThreshold(int Attempts, string? Warning = null)
{
    /// <summary>The server's environment variable.</summary>
    public const string Variable = "PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT";

    /// <summary>Finds the threshold in effect.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: the environment variable is not a whole number, or this account
    /// has no permission to read the configuration.
    /// </exception>
    public static LockoutThreshold Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } setting
            ? new LockoutThreshold(Parse(setting))
            : In(new ServerInstallation().Configuration);

    internal static LockoutThreshold In(ServerConfiguration? configuration) => configuration switch
    {
        { Rejection: { } rejection } => new LockoutThreshold(
            0,
            $"The server ignores its configuration '{configuration.Path}', which is invalid ({rejection}). Neither the "
                + "server nor this sign-in disables accounts after failed sign-ins. Correct the configuration."),
        _ => new LockoutThreshold(configuration?.MaxFailedAttempts ?? 0),
    };

    private static int Parse(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new PgEdgeUsersException(
                FailureKind.InvalidConfiguration,
                $"The environment variable {Variable} must be a whole number; 0 means no lockout. Correct or remove "
                    + "it.");
}
