using System.Security.Cryptography;
using System.Text;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promise 10: any culture, any time zone. Times that do not change keep every digit.</summary>
public sealed class CultureTests : IDisposable
{
    private static readonly string[] Edits = ["add", "note", "disable", "sign-in", "password", "remove", "enable"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tr-TR", "Asia/Tehran")]
    [InlineData("th-TH", "Pacific/Apia")]
    [InlineData("ar-SA", "America/St_Johns")]
    [InlineData("fa-IR", "Europe/Berlin")]
    public void The_same_edits_give_the_same_bytes(string culture, string zone)
    {
        var path = _folder.WriteUsers();
        var posix = culture.Replace('-', '_') + ".UTF-8";

        using var child = Child.StartAs(
            ["change", path, .. Edits], environment: [("LC_ALL", posix), ("LANG", posix), ("TZ", zone)]);
        var lines = child.ReadToEnd();

        Assert.Equal(Edits, lines[..Edits.Length]);
        // The process uses the culture and zone, as far as this machine has them.
        Assert.Contains(lines[Edits.Length], (string[])["culture " + culture, "culture "]);
        Assert.Equal("holds " + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Expected))), lines[^2]);
        Assert.Equal(Expected, File.ReadAllText(path));
    }

    /// <summary>The expected result of all edits, written by hand.</summary>
    private static string Expected => $"""
        users:
            user00001:
                username: user00001
                password_hash: {Sample.OtherHash}
                created_at: 2025-12-23T15:26:41.123456789Z
                last_login: 2025-12-23T15:26:41.1234567Z
                enabled: true
                annotation: a note
                failed_attempts: 0
            user00002:
                username: user00002
                password_hash: {Sample.Hash}
                created_at: 2025-12-23T15:26:41.123456789Z
                last_login: null
                enabled: true
                annotation: ""
                failed_attempts: 0
            zoe:
                username: zoe
                password_hash: {Sample.Hash}
                created_at: 2025-12-23T15:26:41Z
                last_login: null
                enabled: true
                annotation: ""
                failed_attempts: 0

        """;
}
