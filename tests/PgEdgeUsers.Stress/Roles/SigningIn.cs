using System.Globalization;
using System.Net;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Server;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.SignIn;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>
/// Signs in, checks and ends sessions, and records events at the same moment as other processes. Each role reads a
/// password or token from the first line of its input, writes <c>ready</c>, and starts after the second line.
/// </summary>
internal static class SigningIn
{
    private const int CheapCost = 4;

    public static int Attempt(string file, string user, int count, int threshold) => OnSignal(password =>
    {
        for (var i = 0; i < count; i++)
        {
            Console.WriteLine(new LocalSignIn(file, threshold) { Cost = CheapCost }.SignIn(
                user, password).Reason?.ToString() ?? "Success");
        }
    });

    public static int Begin(string file, string user) => OnSignal(password =>
    {
        var account = new LocalSignIn(file, maxFailedAttempts: 0) { Cost = CheapCost }.SignIn(user, password).Account!;
        var token = SessionToken.Create();
        Sessions(file).Begin(account, token, SessionToken.Lifetime, SessionStore.DefaultMaxSessions);
        Console.WriteLine(new NetworkCredential("", token).Password);
    });

    public static int Validate(string file) =>
        OnSignal(token => Console.WriteLine(Sessions(file).Find(token)?.Username ?? "none"));

    public static int LogOut(string file) => OnSignal(token =>
    {
        var hash = Convert.ToBase64String(SessionToken.Hash(token));
        Console.WriteLine(Sessions(file).End(session => session.TokenHash == hash).Count);
    });

    public static int Record(string file, string user, int count, int maxBytes) => OnSignal(_ =>
    {
        var log = new AuditLog(file, maxBytes);
        for (var i = 0; i < count; i++)
        {
            log.Append([AuditLog.Now(
                AuditEventKind.SignIn, user, success: true, i.ToString(CultureInfo.InvariantCulture), file)]);
        }
    });

    public static int At(string server, string user) => OnSignal(password =>
    {
        using var client = new ServerClient(
            new Uri(server), new ServerOptions(
                SkipCertificateCheck: false, AllowUnencrypted: false, TimeSpan.FromSeconds(20)));
        Console.WriteLine(client.WhoIs(client.SignIn(user, password).Token));
    });

    private static SessionStore Sessions(string file) => new(new UserFile(file));

    private static int OnSignal(Action<SecureString> role)
    {
        var secret = new NetworkCredential("", Console.ReadLine()).SecurePassword;
        Console.WriteLine("ready");
        Console.ReadLine();
        try
        {
            role(secret);
            return 0;
        }
        catch (PgEdgeUsersException failure)
        {
            Console.WriteLine($"{failure.Kind}: {failure}");
            return 1;
        }
    }
}
