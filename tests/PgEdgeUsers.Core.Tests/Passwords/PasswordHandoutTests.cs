using System.Security;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;

namespace PgEdgeUsers.Core.Tests.Passwords;

public sealed class PasswordHandoutTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Path => _folder["new.csv"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_kept_handout_has_a_quoted_line_for_each_user()
    {
        using (var handout = PasswordHandout.Create(Path, [User("alice", "seven \"quiet\", žluť"), User("a\"b", "\"")]))
        {
            Assert.Equal(Path, handout.Path);
            handout.Keep();
        }

        Assert.Equal(
            "\"Username\",\"Password\"\n\"alice\",\"seven \"\"quiet\"\", žluť\"\n\"a\"\"b\",\"\"\"\"\n",
            File.ReadAllText(Path));
    }

    [LinuxFact]
    public void Only_its_owner_can_read_a_handout()
    {
        using var handout = PasswordHandout.Create(Path, [User("alice", "seven")]);

        Assert.Equal("0600", FileStatus.Of(Path)!.ModeText);
    }

    [Fact]
    public void A_handout_that_is_not_kept_is_deleted()
    {
        PasswordHandout.Create(Path, [User("alice", "seven")]).Dispose();

        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void Writing_again_replaces_the_content()
    {
        using (var handout = PasswordHandout.Create(Path, [User("alice", "seven quiet lanterns")]))
        {
            handout.Write([User("b", "c")]);
            handout.Keep();
        }

        Assert.EndsWith("\n\"b\",\"c\"\n", File.ReadAllText(Path), StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(Path).Length);
    }

    [Fact]
    public void An_existing_file_is_neither_replaced_nor_deleted()
    {
        File.WriteAllText(Path, "theirs");

        var failure = Assert.Throws<PgEdgeUsersException>(() => PasswordHandout.Create(Path, [User("alice", "seven")]));

        Assert.Equal(FailureKind.HandoutFailed, failure.Kind);
        Assert.Equal("theirs", File.ReadAllText(Path));
    }

    [Fact]
    public void A_handout_that_cannot_be_created_is_a_failure() => Assert.Equal(
        FailureKind.HandoutFailed,
        Assert.Throws<PgEdgeUsersException>(() => PasswordHandout.Create(_folder["none/new.csv"], [])).Kind);

    [RootFact]
    public void A_handout_that_cannot_be_written_is_a_failure()
    {
        using var handout = PasswordHandout.Create(Path, [User("alice", "seven")]);
        if (!Machine.SetAttribute("+a", Path))
            return; // Not every file system has the attribute.

        var failure = Record.Exception(() => handout.Write([User("bob", "eight")]));

        Machine.SetAttribute("-a", Path);
        Assert.Equal(FailureKind.HandoutFailed, Assert.IsType<PgEdgeUsersException>(failure).Kind);
    }

    [Fact]
    public void A_handout_is_deleted_if_its_passwords_cannot_be_read()
    {
        var disposed = Store.Secure("seven");
        disposed.Dispose();

        Assert.ThrowsAny<Exception>(() => PasswordHandout.Create(Path, [("alice", disposed)]));

        Assert.Empty(_folder.Names);
    }

    private static (string Username, SecureString Password) User(string name, string password) =>
        (name, Store.Secure(password));
}
