using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgEdgeUsers.Benchmarks;

/// <summary>
/// Whether the duration of a sign-in reveals why it was refused; how long a sign-in takes compared with bcrypt, and
/// validating a session compared with a sign-in. Measured in the PowerShell engine.
/// </summary>
internal static class SignInTiming
{
    private const int Sessions = 10_000;

    private const string Wrong = "wrong password";
    private const string Success = "right password";
    private const string Bare = "bare bcrypt";
    private const string Validation = "validation";

    public static int Run(int rounds, int users)
    {
        using var store = new SampleStore(users);
        using var busy = new SampleStore(users);
        using var engine = new Engine();
        var token = AddSessions(engine, busy, users);
        var samples = new Samples();
        var refusals = new (string Name, string User, SecureString Password)[]
        {
            (Wrong, "alice", Secure("not the right password")),
            ("unknown user", "nobody", Secure(SampleStore.Password)),
            ("disabled account", "disabled", Secure(SampleStore.Password)),
            ("over-long password", "alice", Secure(new string('x', 500))),
            ("malformed hash", "malformed", Secure(SampleStore.Password)),
            ("hash of less cost", "cheap", Secure("not the right password")),
        };
        foreach (var (name, user, password) in refusals)
        {
            samples.Add(name, () => Expect(SignIn(engine, store, user,
                password).Errors is [{ CategoryInfo.Category: ErrorCategory.AuthenticationError }]));
        }

        var right = Secure(SampleStore.Password);
        samples.Add(Success, () => Expect(SignIn(engine, store, "alice", right).Errors is []));
        samples.Add(Bare, () => Expect(BCrypt.Net.BCrypt.Verify(SampleStore.Password, store.Hash)));
        samples.Measure(rounds);
        var validations = new Samples();
        validations.Add(Validation, () => Expect(
            engine.Run("Test-PgEdgeSession", ("Token", token), ("Path", busy.Path)).Output is [{ BaseObject: true }]));
        validations.Measure(rounds);

        Console.WriteLine($"{users} users, validation among {Sessions} sessions, medians of {rounds} rounds");
        var good = true;
        foreach (var (name, _, _) in refusals)
            good &= Report(name, samples.Median(name), Wrong, samples.Median(Wrong), 0.9, 1.1);
        good &= Report(Success, samples.Median(Success), Bare, samples.Median(Bare), 0, 1.15);
        good &= Report(Validation, validations.Median(Validation), Success, samples.Median(Success), 0, 0.05);
        return good ? 0 : 1;
    }

    private static (PSObject[] Output, ErrorRecord[] Errors) SignIn(
        Engine engine, SampleStore store, string user, SecureString password) =>
        engine.Run("New-PgEdgeSession", ("Username", user), ("Password", password), ("Path", store.Path));

    /// <summary>Signs in once, and adds the other sessions around that one.</summary>
    private static SecureString AddSessions(Engine engine, SampleStore store, int users)
    {
        var session = SignIn(engine, store, $"user{SampleStore.Special:00000}", Secure(SampleStore.Password)).Output[0];
        var path = Directory.GetFiles(Path.GetDirectoryName(store.Path)!, "*.sessions.json").Single();
        var content = JsonNode.Parse(File.ReadAllBytes(path))!;
        var sessions = content["sessions"]!.AsArray();
        var own = sessions[0]!;
        sessions.Clear();
        for (var i = 0; i < Sessions - 1; i++)
        {
            var other = own.DeepClone();
            other["id"] = RandomNumberGenerator.GetHexString(8, lowercase: true);
            other["username"] = string.Create(
                CultureInfo.InvariantCulture, $"user{SampleStore.Special + (i % (users - SampleStore.Special)):00000}");
            other["token_hash"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            sessions.Add(other);
        }

        sessions.Insert(Sessions / 2, own);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(content));
        return (SecureString)session.Properties["Token"].Value;
    }

    private static bool Report(string name, double median, string other, double otherMedian, double least, double most)
    {
        var ratio = median / otherMedian;
        var good = ratio >= least && ratio <= most;
        var verdict = good ? "good" : string.Create(CultureInfo.InvariantCulture, $"MISSED: {least} to {most}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-20}{median,8:0.0} ms   {ratio:0.000} of {other} ({otherMedian:0.0} ms)   {verdict}"));
        return good;
    }

    private static SecureString Secure(string text) => new NetworkCredential("", text).SecurePassword;

    private static void Expect(bool asExpected)
    {
        if (!asExpected)
            throw new InvalidOperationException("It did not end as it should; its time says nothing.");
    }
}
