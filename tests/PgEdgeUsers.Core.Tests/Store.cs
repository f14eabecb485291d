using System.Security;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.Tests;

/// <summary>Reads and changes the text of user files, and converts secrets.</summary>
internal static class Store
{
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

    /// <summary>
    /// Reads a hostile text. Null if it is rejected, which must give a line, a reason and a remedy. Any other failure
    /// fails the test.
    /// </summary>
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

    /// <summary>Runs something that could hang, with a limit that is reached only if it does.</summary>
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
