using System.Globalization;
using System.Security;

namespace PgEdgeUsers.Core.Server;

/// <summary>
/// A session on a server. If it has ended, it signs in again once, provided that it was given a way to do so. If not, a
/// call with an expired session fails before anything is sent.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="token">The token; null if it is no longer available.</param>
/// <param name="expiresAt">The expiry of the token in UTC; null if it is unknown.</param>
/// <param name="clock">The clock to compare the expiry with.</param>
/// <param name="signIn">Signs in again; null to fail instead.</param>
public sealed class ServerSession(
    ServerClient server,
    SecureString? token,
    DateTime? expiresAt,
    TimeProvider clock,
    Func<(SecureString Token, DateTime ExpiresAt)>? signIn)
{
    /// <summary>The token and expiry of the new session if this one has signed in again; otherwise null.</summary>
    public (SecureString Token, DateTime ExpiresAt)? Renewal { get; private set; }

    /// <summary>The time until the session expires, negative if it has expired; null if it is unknown.</summary>
    public TimeSpan? ExpiresIn => expiresAt - clock.GetUtcNow().UtcDateTime;

    private bool HasEnded => token is null || ExpiresIn <= TimeSpan.Zero;

    /// <summary>Throws if the session has ended and cannot sign in again.</summary>
    /// <exception cref="PgEdgeUsersException"><see cref="FailureKind.SessionExpired"/>.</exception>
    public void RequireUsable()
    {
        if (!HasEnded || signIn is not null)
            return;
        var what = token is null ? "no longer has a token" : string.Create(
            CultureInfo.InvariantCulture, $"expired at {expiresAt!.Value.ToLocalTime():yyyy-MM-dd HH:mm:ss}");
        throw new PgEdgeUsersException(
            FailureKind.SessionExpired, $"The session on {server.Authority} {what}. Nothing was sent. Sign in again.");
    }

    /// <summary>Makes a call with the token, after signing in again if necessary.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// The session has ended, signing in again failed, or the call failed.
    /// </exception>
    public T Call<T>(Func<SecureString, T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        RequireUsable();
        if (HasEnded)
            return call(Renew());
        try
        {
            return call(token!);
        }
        catch (PgEdgeUsersException failure)
            when (failure.Kind == FailureKind.SessionRefused && signIn is not null && Renewal is null)
        {
            // A refused call had no effect, so it can be repeated.
            return call(Renew());
        }
    }

    private SecureString Renew()
    {
        Renewal = signIn!();
        (token, expiresAt) = Renewal.Value;
        return token;
    }
}
