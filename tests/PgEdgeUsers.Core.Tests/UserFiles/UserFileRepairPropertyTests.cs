using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>After a repair of any file, there is nothing left to repair, and everything else is unchanged.</summary>
public sealed class UserFileRepairPropertyTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 100, QuietOnSuccess = true)]
    public Property A_file_in_block_style_is_repaired_and_keeps_every_other_byte() =>
        Prop.ForAll(Documents.Block, file =>
    {
        var repaired = Repaired(WithNullEntries(file));

        Assert.Equal(file.Users.Select(Repaired), Store.Read(repaired).Users());
        Assert.Null(file.Mismatch(repaired, (user, field) =>
            IsRepaired(file, user, field), new HashSet<int>(), isAdded: false));
    });

    [Property(MaxTest = 100, QuietOnSuccess = true)]
    public Property A_file_in_flow_style_is_repaired_and_keeps_its_users() => Prop.ForAll(Documents.Flow, file =>
        Assert.Equal(file.Users.Select(Repaired), Store.Read(Repaired(file.Text)).Users()));

    private string Repaired(string text)
    {
        var location = new UserFileLocation(_folder.Write(text), "test");
        var expected = UserFileInspector.Inspect(location, servers: [], serverFile: null).Where(f => f.CanRepair)
            .ToArray();

        var (copy, repaired, _) = UserFileRepair.Repair(location);

        Assert.Equal(expected, repaired);
        Assert.Equal(expected.Length == 0, copy is null);
        Assert.DoesNotContain(UserFileInspector.Inspect(location, servers: [], serverFile: null), f => f.CanRepair);
        return DocumentText.Decode(File.ReadAllBytes(location.Path));
    }

    private static UserAccount Repaired(UserAccount user) => user with { DisplayName = user.Name };

    private static bool IsRepaired(GeneratedFile file, int user, AccountField field) =>
        file.Pieces.Any(p => p.User == user && p.Field == field)
            ? field == AccountField.Username && file.Users[user].DisplayName != file.Users[user].Name
            : true;

    /// <summary>The text with an entry without fields before every second user.</summary>
    private static string WithNullEntries(GeneratedFile file)
    {
        var begun = new HashSet<int>();
        return string.Concat(file.Pieces.Select(piece =>
        {
            if (piece.User is not { } user || !begun.Add(user) || user % 2 > 0)
                return piece.Text;
            var indentation = piece.Text[..^piece.Text.TrimStart(' ').Length];
            var lineBreak = piece.Text.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
            return $"{indentation}ghost{user}:{(user == 0 ? "" : " ~ # gone")}{lineBreak}{piece.Text}";
        }));
    }
}
