using System.Collections.Concurrent;
using System.Net;
using System.Security;

namespace PgEdgeUsers.Tests.Harness;

/// <summary>Passwords of the tests. Each that is long enough to be told from other text is looked for in all that a shell gives out.</summary>
internal static class Secret
{
    private const int Recognizable = 12;

    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    public static SecureString Of(string text)
    {
        if (text.Length >= Recognizable)
            Known[text] = true;
        return new NetworkCredential("", text).SecurePassword;
    }

    public static PSCredential Login(string name, string password) => new(name, Of(password));

    public static string Text(SecureString secret) => new NetworkCredential("", secret).Password;

    /// <summary>The text of a secret that a shell gave out: known from now on.</summary>
    public static string Learn(SecureString secret)
    {
        Known[Text(secret)] = true;
        return Text(secret);
    }

    public static void AssertNotIn(string text) =>
        Assert.DoesNotContain(Known.Keys, secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
