using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.UserFiles;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Storage;

/// <summary>Promise 7: an edit through a symbolic link changes the target, and the link stays.</summary>
public sealed class LinkTests : IDisposable
{
    private const uint Stranger = 12345;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("absolute")]
    [InlineData("relative")]
    [InlineData("above")]
    [InlineData("link to a link")]
    [InlineData("through a linked folder")]
    public void The_target_is_edited_and_the_link_stays(string kind)
    {
        var target = Path.Combine(_folder.Folder("real"), "users.yaml");
        File.WriteAllText(target, Sample.Text(3));
        var link = Link(kind, target);

        new UserFile(link).Update([Changes.Note()]);

        Assert.Equal(Sample.Text(3, "a note"), File.ReadAllText(target));
        Assert.Null(new FileInfo(target).LinkTarget);
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(["users.yaml", "users.yaml.lock"], Directory.GetFiles(_folder["real"]).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("absolute")]
    [InlineData("relative")]
    [InlineData("above")]
    [InlineData("link to a link")]
    [InlineData("through a linked folder")]
    public void A_dangling_link_gets_its_target_file(string kind)
    {
        var target = Path.Combine(_folder.Folder("real"), "users.yaml");
        var link = Link(kind, target);

        Assert.False(new UserFile(link).Read().Exists);
        new UserFile(link).Update([Changes.Add()]);

        Assert.Single(new UserFile(target).Read().Users);
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void Links_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(_folder["one"], _folder["two"]);
        File.CreateSymbolicLink(_folder["two"], _folder["one"]);

        var failure = Assert.Throws<PgEdgeUsersException>(() => new UserFile(_folder["one"]).Read());

        Assert.Equal(FailureKind.InvalidUserFilePath, failure.Kind);
    }

    [Fact]
    public void A_path_without_links_is_used_as_it_is()
    {
        _folder.Folder("real");
        Directory.CreateSymbolicLink(_folder["alias"], _folder["real"]);

        Assert.Equal(
            Path.Combine(_folder["alias"], "users.yaml"), LinkTarget.Of(Path.Combine(_folder["alias"], "users.yaml")));
    }

    [RootTheory]
    [InlineData("file")]
    [InlineData("nothing")]
    [InlineData("folder")]
    [InlineData("folder of a folder")]
    [InlineData("second link")]
    public void A_link_of_an_account_that_does_not_own_the_target_is_not_followed(string kind)
    {
        var target = Path.Combine(_folder.Folder("real"), "users.yaml");
        if (kind != "nothing")
            File.WriteAllText(target, "# nothing but a comment\n");
        var (path, link) = (_folder["link"], _folder["link"]);
        switch (kind)
        {
            case "folder":
                Directory.CreateSymbolicLink(link, _folder["real"]);
                path = Path.Combine(link, "users.yaml");
                break;
            case "folder of a folder":
                _folder.Folder(Path.Combine("real", "sub"));
                Directory.CreateSymbolicLink(link, _folder["real"]);
                path = Path.Combine(link, "sub", "users.yaml");
                break;
            case "second link":
                File.CreateSymbolicLink(link, target);
                path = _folder["first"];
                File.CreateSymbolicLink(path, link);
                break;
            default:
                File.CreateSymbolicLink(link, target);
                break;
        }

        Native.GiveLinkAway(link, Stranger);

        foreach (var use in new Action[] { () => new UserFile(path).Read(), () =>
            new UserFile(path).Update([Changes.Add()]) })
        {
            var failure = Assert.Throws<PgEdgeUsersException>(use);
            Assert.Equal(FailureKind.UserFileAccessDenied, failure.Kind);
            Assert.Contains(
                $"the symbolic link '{link}' belongs to {Stranger}", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(kind == "nothing"
            ? []
            : ["users.yaml"], Directory.GetFiles(_folder["real"]).Select(Path.GetFileName));
        if (kind != "nothing")
            Assert.Equal("# nothing but a comment\n", File.ReadAllText(target));
    }

    [RootFact]
    public void The_link_of_the_targets_owner_is_followed()
    {
        var target = Path.Combine(_folder.Folder("real"), "users.yaml");
        File.WriteAllText(target, Sample.Text(3));
        Machine.GiveAway(target, Stranger, Stranger);
        File.CreateSymbolicLink(_folder["link"], target);
        Native.GiveLinkAway(_folder["link"], Stranger);

        new UserFile(_folder["link"]).Update([Changes.Note()]);

        Assert.Equal(Sample.Text(3, "a note"), File.ReadAllText(target));
        Assert.Equal(Stranger, FileStatus.Of(target)!.User);
    }

    private string Link(string kind, string target)
    {
        var link = _folder["link"];
        switch (kind)
        {
            case "absolute":
                File.CreateSymbolicLink(link, target);
                break;
            case "relative":
                File.CreateSymbolicLink(link, Path.Combine("real", "users.yaml"));
                break;
            case "above":
                link = Path.Combine(_folder.Folder("other"), "link");
                File.CreateSymbolicLink(link, Path.Combine("..", "real", "users.yaml"));
                break;
            case "link to a link":
                File.CreateSymbolicLink(_folder["second"], target);
                File.CreateSymbolicLink(link, "second");
                break;
            default:
                // "Above" the folder alias/ is a/b/, not the test's folder.
                _folder.Folder(Path.Combine("a", "b", "c"));
                Directory.CreateSymbolicLink(_folder["alias"], _folder[Path.Combine("a", "b", "c")]);
                link = Path.Combine(_folder["alias"], "link");
                File.CreateSymbolicLink(link, Path.Combine("..", "..", "..", "real", "users.yaml"));
                break;
        }

        return link;
    }
}
