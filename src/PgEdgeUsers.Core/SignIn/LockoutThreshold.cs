using System.Globalization;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.SignIn;

/// <summary>How many failed attempts disable an account, as the server is set: environment, then configuration, then no limit.</summary>
public static class LockoutThreshold
{
    /// <summary>The server's environment variable.</summary>
    public const string Variable = "PGEDGE_AUTH_MAX_FAILED_ATTEMPTS_BEFORE_LOCKOUT";

    /// <summary>The threshold in force; 0 for none.</summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.InvalidConfiguration"/>: a setting is no whole number.</exception>
    public static int Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } setting)
            return Parse(setting, $"The environment variable {Variable}");
        if (new UserFileLocator().FindConfiguration() is { MaxFailedAttempts: { Length: > 0 } configured } configuration)
            return Parse(configured, $"max_failed_attempts_before_lockout in '{configuration.Path}'");
        return 0;
    }

    private static int Parse(string value, string what) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new PgEdgeUsersException(FailureKind.InvalidConfiguration, $"{what} must be a whole number, 0 for no lockout. Correct it, or give -MaxFailedAttempts.");
}
