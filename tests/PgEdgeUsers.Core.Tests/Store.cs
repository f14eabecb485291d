using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.Tests;

/// <summary>Short ways to user files' texts and what is in them.</summary>
internal static class Store
{
    public const string Hash = "$2a$12$KTAiCFqQqCfwEZ93ApWafeWuSrc.oUrNvQK/YUHhuTJLM/URosa/W";
    public const string OtherHash = "$2a$12$8Pkj51wAyK0ui7gaNPrazezwwJ9xr0kXhCteiPMgiXA4t43OUTj/.";

    /// <summary>A store with one user, alice, as the server writes it.</summary>
    public static readonly string Alice = OfAlice("note");

    public static string OfAlice(string annotation) => $"""
        users:
            alice:
                username: alice
                password_hash: {Hash}
                created_at: 2025-01-02T03:04:05Z
                last_login: null
                enabled: true
                annotation: {annotation}
                failed_attempts: 0

        """;

    public static UserAccount User(string name) => new(name)
    {
        DisplayName = name,
        PasswordHash = Hash,
        CreatedAt = new DateTime(2025, 12, 23, 15, 26, 41, DateTimeKind.Utc),
        Enabled = true,
    };

    public static UserDocument Read(string text) => UserDocument.Parse(text);

    public static UserDocument Read(byte[] bytes) => UserDocument.Parse(DocumentText.Decode(bytes));

    public static UserAccount[] Users(this UserDocument document) => [.. document.Entries.Select(e => e.Account)];

    /// <summary>The text after changes, none of which may fail.</summary>
    public static string Change(string text, params UserChange[] changes)
    {
        var (edited, results) = ChangeSet.Apply(Read(text), changes);
        Assert.All(results, result => Assert.Null(result.Failure));
        return edited.Text;
    }

    public static UserChange Annotate(string name, string annotation) =>
        new UpdateUser(name, user => user with { Annotation = annotation });

    /// <summary>The kind of the failure of one change.</summary>
    public static FailureKind? FailureOf(string text, UserChange change)
    {
        var document = Read(text);
        var (edited, results) = ChangeSet.Apply(document, [change]);
        if (results.Single().Failure is null)
            return null;
        Assert.Same(document, edited);
        return results.Single().Failure!.Kind;
    }

    /// <summary>Reads hostile text: null when it is refused, and then with a line, a reason and a remedy; any other failure is the test's.</summary>
    public static UserDocument? TryRead(byte[] bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (DocumentException refusal)
        {
            Assert.True(refusal.Line >= 1);
            Assert.NotEmpty(refusal.Message);
            Assert.NotEmpty(refusal.Remedy);
            return null;
        }
    }

    /// <summary>Runs what could hang, with a limit that only a hang reaches.</summary>
    public static T Promptly<T>(Func<T> action)
    {
        var task = Task.Run(action);
        Assert.True(((IAsyncResult)task).AsyncWaitHandle.WaitOne(TimeSpan.FromMinutes(2)), "It hangs.");
        return task.GetAwaiter().GetResult();
    }

    public static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (var c in text)
            secure.AppendChar(c);
        return secure;
    }
    public static string Text(SecureString secret) => new System.Net.NetworkCredential("", secret).Password;
}
