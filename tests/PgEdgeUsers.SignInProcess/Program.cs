// What the tests need of a process of its own: signing in, validating, logging out and recording, beside others who do the same.
// The first line of standard input is the password or token; the second is the signal to begin.
using System.Globalization;
using System.Net;
using System.Security;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.SignIn;
using PgEdgeUsers.Core.UserFiles;

const int CheapCost = 4;
var secret = Secure(Console.ReadLine() ?? "");
Console.WriteLine("ready");
Console.ReadLine();
try
{
    switch (args)
    {
        case ["attempt", var file, var user, var count, var threshold]:
            for (var i = 0; i < Number(count); i++)
                Console.WriteLine(new LocalSignIn(file, Number(threshold)) { Cost = CheapCost }.SignIn(user, secret).Reason?.ToString() ?? "Success");
            break;
        case ["sign-in", var file, var user]:
            var account = new LocalSignIn(file, maxFailedAttempts: 0) { Cost = CheapCost }.SignIn(user, secret).Account!;
            var token = SessionToken.Create();
            new SessionStore(new UserFile(file)).Begin(account, token, SessionToken.Lifetime, SessionStore.DefaultMaxSessions);
            Console.WriteLine(Text(token));
            break;
        case ["validate", var file]:
            Console.WriteLine(new SessionStore(new UserFile(file)).Find(secret)?.Username ?? "none");
            break;
        case ["log-out", var file]:
            var hash = Convert.ToBase64String(SessionToken.Hash(secret));
            Console.WriteLine(new SessionStore(new UserFile(file)).End(session => session.TokenHash == hash).Count);
            break;
        case ["record", var file, var user, var count, var maxBytes]:
            var log = new AuditLog(file, Number(maxBytes));
            for (var i = 0; i < Number(count); i++)
                log.Append([AuditLog.Now(AuditEventKind.SignIn, user, success: true, i.ToString(CultureInfo.InvariantCulture), file)]);
            break;
        case ["sign-in-at", var server, var user]:
            using (var client = new ServerClient(new Uri(server), new ServerOptions(SkipCertificateCheck: false, AllowUnencrypted: false, TimeSpan.FromSeconds(20))))
                Console.WriteLine(client.WhoIs(client.SignIn(user, secret).Token));
            break;
        default:
            return 2;
    }

    return 0;
}
catch (PgEdgeUsersException failure)
{
    Console.WriteLine($"{failure.Kind}: {failure}");
    return 1;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static SecureString Secure(string text) => new NetworkCredential("", text).SecurePassword;

static string Text(SecureString secret) => new NetworkCredential("", secret).Password;
