using System.Globalization;
using System.Security.Cryptography;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>Edits a user file, and writes a line for each edit as soon as it is acknowledged.</summary>
internal static class Editing
{
    /// <summary>Adds users one by one.</summary>
    public static int Add(string path, string prefix, int count) => Reporting(() =>
    {
        var file = new UserFile(path) { LockTimeout = Child.HangGuard };
        for (var i = 1; i <= count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{i:D3}");
            Require(file.Update([new AddUser(Sample.Account(name))]));
            Console.WriteLine(name);
        }
    });

    /// <summary>Counts up in the first user's annotation until the process is killed.</summary>
    public static int NoteForever(string path, int first) => Reporting(() =>
    {
        // There is no verification after the write, so that most kills happen during a write.
        var file = new UserFile(path) { NoWait = true, History = new HistoryWriter() };
        for (var i = first; ; i++)
        {
            var note = NoteOf(i);
            var update = file.Update([new UpdateUser(Sample.Name(1), a => a with { Annotation = note })]);
            Require(update);
            if (update.ExternalChanges is [var change, ..])
                throw new InvalidOperationException($"An edit of this program counts as an external change: {change}.");
            Console.WriteLine(i);
        }
    });

    /// <summary>
    /// Makes changes one by one, then writes a hash of the file and the names of the files next to it.
    /// </summary>
    public static int Change(string path, string[] changes) => Reporting(
        () =>
        {
            foreach (var change in changes)
            {
                Require(new UserFile(path).Update([Named(change)]));
                Console.WriteLine(change);
            }
        },
        () =>
        {
            Console.WriteLine("culture " + CultureInfo.CurrentCulture.Name);
            Console.WriteLine("zone " + TimeZoneInfo.Local.BaseUtcOffset);
            Console.WriteLine("holds " + (File.Exists(path) ? Convert.ToHexString(
                SHA256.HashData(SharedFile.ReadBytes(path))) : "nothing"));
            WriteNeighbours(path);
        });

    /// <summary>Repairs the file, and writes what was repaired.</summary>
    public static int Repair(string path) => Reporting(
        () => Console.WriteLine(string.Join(
            ' ', UserFileRepair.Repair(new UserFileLocation(path, "a test")).Findings.Select(f => f.Kind))));

    /// <summary>Writes the findings about the file.</summary>
    public static int Inspect(string path) => Reporting(
        () => Console.WriteLine(string.Join(' ', UserFileInspector.Inspect(
            new UserFileLocation(path, "a test"), servers: [], serverFile: null).Select(f => f.Kind))));

    /// <summary>Adds more users than there is room for, and writes whether the file is unchanged.</summary>
    public static int Fill(string path)
    {
        var before = SharedFile.ReadBytes(path);
        return Reporting(
            () => _ = new UserFile(path).Update(
                [.. Enumerable.Range(1, 1000).Select(i => new AddUser(Sample.Account("new-" + Sample.Name(i))))]),
            () =>
            {
                Console.WriteLine(SharedFile.ReadBytes(path).AsSpan().SequenceEqual(before) ? "as it was" : "other");
                WriteNeighbours(path);
            });
    }

    public static string NoteOf(int number) => string.Create(CultureInfo.InvariantCulture, $"edit {number}");

    /// <summary>A change of each kind, for users in the files of <see cref="Sample"/>.</summary>
    private static UserChange Named(string change) => change switch
    {
        "add" => new AddUser(Sample.Account("zoe")),
        "note" => new UpdateUser(Sample.Name(1), a => a with { Annotation = "a note" }),
        "disable" => new UpdateUser(Sample.Name(2), a => a with { Enabled = false }),
        "enable" => new UpdateUser(Sample.Name(2), a => a with { Enabled = true, FailedAttempts = 0 }),
        "password" => new UpdateUser(Sample.Name(1), a => a with { PasswordHash = Sample.OtherHash }),
        "sign-in" => new UpdateUser(Sample.Name(1), a => a with { LastLogin = Sample.Created.AddTicks(1234567) }),
        "remove" => new RemoveUser(Sample.Name(3)),
        _ => throw new ArgumentException($"No such change: {change}"),
    };

    private static void WriteNeighbours(string path) =>
        Console.WriteLine("beside " + string.Join(' ', Directory.EnumerateFiles(Path.GetDirectoryName(path)!)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal)));

    private static void Require(UserFileUpdate update)
    {
        if (update.Results[0].Failure is { } failure)
            throw failure;
    }

    private static int Reporting(Action edits, Action? last = null)
    {
        try
        {
            edits();
            return 0;
        }
        catch (PgEdgeUsersException e)
        {
            Console.WriteLine($"failed {e.Kind}: {e.Message}");
            return 1;
        }
        finally
        {
            last?.Invoke();
        }
    }
}
