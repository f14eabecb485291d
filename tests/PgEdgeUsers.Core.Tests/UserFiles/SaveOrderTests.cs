using System.Text;
using System.Text.RegularExpressions;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>Promise 1: an acknowledged edit is on disk.</summary>
public sealed partial class SaveOrderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_save_takes_its_steps_in_the_order_that_makes_it_durable()
    {
        var path = _folder.WriteUsers();
        var old = File.ReadAllBytes(path);
        var steps = new List<SaveStep>();
        var file = new UserFile(path)
        {
            Writer = new HookedWriter((step, at) =>
            {
                steps.Add(step);
                var facts = step is SaveStep.KeepAccess or SaveStep.Sync or SaveStep.Rename ? FileStatus.Of(at) : null;
                if (facts is not null && !OperatingSystem.IsWindows())
                    Assert.Equal(FileStatus.OwnerOnly, facts.Mode);
                // Until the rename, the file has the old content; from then on, the complete new content.
                Assert.Equal(step == SaveStep.SyncFolder, !File.ReadAllBytes(path).SequenceEqual(old));
                if (step is SaveStep.Sync or SaveStep.Rename)
                    Assert.Equal(Sample.Text(3, "a note"), File.ReadAllText(at));
            }),
        };

        file.Update([Changes.Note()]);

        Assert.Equal([SaveStep.Create, SaveStep.Write, SaveStep.KeepAccess, SaveStep.Sync, SaveStep.Rename,
            SaveStep.SyncFolder], steps);
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Fact]
    public void A_file_is_written_in_place_only_after_its_copy_is_durable()
    {
        var path = _folder.WriteUsers();
        var old = File.ReadAllBytes(path);
        var content = Encoding.UTF8.GetBytes(Sample.Text(2));
        var copy = "";
        var steps = new List<(SaveStep, string)>();
        var writer = new HookedWriter((step, at) =>
        {
            copy = step == SaveStep.Create ? at : copy;
            steps.Add((step, at));
            if (step is not (SaveStep.SyncFolder or SaveStep.Sync))
                return;
            Assert.Equal(at == path ? content : old, File.ReadAllBytes(path));
            Assert.Equal(old, File.ReadAllBytes(copy));
        });

        Assert.True(writer.Overwrite(path, content, old, null, () => true).IsDone);

        Assert.Equal(
            [
                (SaveStep.Create, copy), (SaveStep.Write, ""), (SaveStep.KeepAccess, copy), (SaveStep.Sync,
                    copy), (SaveStep.SyncFolder, copy),
                (SaveStep.Write, ""), (SaveStep.Sync, path),
            ],
            steps);
        Assert.Equal(_folder.Path, Path.GetDirectoryName(copy));
        Assert.Equal(["users.yaml"], _folder.Names);
    }

    [Fact]
    public void The_system_calls_of_a_save_are_made_in_that_order()
    {
        if (!Machine.HasStrace)
        {
            A_save_takes_its_steps_in_the_order_that_makes_it_durable();
            return;
        }

        var path = _folder.WriteUsers();
        if (Machine.IsLinuxRoot)
            Machine.GiveAway(path, 12345, 23456);
        string[] strace = ["strace", "-ff", "-o", _folder["trace"], "-e",
            "trace=openat,write,pwrite64,ftruncate,fchmod,fchown,fsync,fdatasync,rename,renameat,renameat2"];
        using (var child = Child.StartAs(["change", path, "note"], strace))
            Assert.Equal("note", child.ReadToEnd()[0]);

        // The system calls of the thread that saved, from the creation of the temporary file on.
        var calls = Directory.GetFiles(_folder.Path, "trace.*")
            .Select(trace => File.ReadLines(trace).Select(line => Spaces().Replace(line, " ")))
            .Select(lines => lines.SkipWhile(line => !line.Contains(".tmp\"", StringComparison.Ordinal)).ToArray())
                .Single(lines => lines.Length > 0);
        var temporary = Birth().Match(calls[0]);
        Assert.True(temporary.Success, calls[0]);
        var name = temporary.Groups["path"].Value;
        var file = temporary.Groups["fd"].Value;
        List<string> expected =
        [
            calls[0], $"fchmod({file}, 0600) = 0", $"pwrite64({file}, ", $"fsync({file})",
            $"rename(\"{name}\", \"{path}\") = 0", $"openat(AT_FDCWD, \"{_folder.Path}\", O_RDONLY|O_CLOEXEC) = ",
            "fsync(",
        ];
        if (Machine.IsLinuxRoot)
            expected.Insert(3, $"fchown({file}, 12345, 23456) = 0");
        // The comparison before the rename opens the user file. That is not a step of the save.
        var steps = calls.Where(call => !call.Contains($"\"{path}\", O_RDONLY", StringComparison.Ordinal)).Select(Plain)
            .Take(expected.Count).ToArray();
        Assert.Equal(expected.Count, steps.Length);
        Assert.All(expected.Zip(steps),
        pair => Assert.StartsWith(Plain(pair.First), pair.Second, StringComparison.Ordinal));
    }

    /// <summary>Some processor architectures have only the longer system calls for renaming.</summary>
    private static string Plain(string call) => call.Replace("AT_FDCWD, ", "", StringComparison.Ordinal).Replace(
        "renameat2(", "rename(", StringComparison.Ordinal).Replace("renameat(", "rename(", StringComparison.Ordinal);

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        """^openat\(AT_FDCWD, "(?<path>.*/\.users\.yaml\.[0-9a-f]{12}\.tmp)", """
            + """O_RDWR\|O_CREAT\|O_EXCL\|O_NOFOLLOW\|O_CLOEXEC, 0600\) = (?<fd>\d+)$""")]
    private static partial Regex Birth();
}
