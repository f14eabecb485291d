using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress.Roles;
using PgEdgeUsers.Stress.Runs;
using PgEdgeUsers.Stress.Server;

namespace PgEdgeUsers.Stress;

/// <summary>Runs a long run, or a role that a test or long run starts as a process.</summary>
internal static class Program
{
    private const string Usage = """
        Long runs:
          kills [count]                  kill -9 at random moments of a write loop (1000)
          writers [processes] [each]     additions by many processes at once (16 50)
          server [edits] [clients]       edits beside a simulated server (40); 1 client signs in every 1.7 s, 3 without
                                         a pause (both)
          torn [reads]                   reads while the file is rewritten in place (10000)
          plants [attempts]              edits by root while another account puts links in place of sidecar files (200)
          all                            all of them
        """;

    public static int Main(string[] args)
    {
        if (args is ["--as", var who, .. var rest])
        {
            Privileges.Drop(who);
            args = rest;
        }

        switch (args)
        {
            case ["add", var file, var prefix, var count]:
                return Editing.Add(file, prefix, Number(count));
            case ["note", var file, var first]:
                return Editing.NoteForever(file, Number(first));
            case ["change", var file, .. var changes]:
                return Editing.Change(file, changes);
            case ["inspect", var file]:
                return Editing.Inspect(file);
            case ["repair", var file]:
                return Editing.Repair(file);
            case ["fill", var file]:
                return Editing.Fill(file);
            case ["die", var file, var step]:
                return Dying.Edit(file, Enum.Parse<SaveStep>(step));
            case ["hold", var file]:
                return Holding.Lock(file);
            case ["try", var file, var milliseconds]:
                return Holding.Try(file, Number(milliseconds));
            case ["watch", var folder]:
                return Holding.Watch(folder);
            case ["watched", var folder]:
                Console.WriteLine(RunningServer.MayWatch(folder));
                return 0;
            case ["rewrite", var file, var users, var shape]:
                return Rewriting.Forever(file, Number(users), Enum.Parse<RewriteShape>(shape));
            case ["plant", var path, var victim, var kind]:
                return Planting.Forever(path, victim, Enum.Parse<Planted>(kind));
            case ["serve", var file, var clients, var pause, var undo]:
                return SimulatedServer.Serve(
                    file, Number(clients), TimeSpan.FromMilliseconds(Number(pause)), Number(undo));
            case ["attempt", var file, var user, var count, var threshold]:
                return SigningIn.Attempt(file, user, Number(count), Number(threshold));
            case ["sign-in", var file, var user]:
                return SigningIn.Begin(file, user);
            case ["validate", var file]:
                return SigningIn.Validate(file);
            case ["log-out", var file]:
                return SigningIn.LogOut(file);
            case ["record", var file, var user, var count, var maxBytes]:
                return SigningIn.Record(file, user, Number(count), Number(maxBytes));
            case ["sign-in-at", var server, var user]:
                return SigningIn.At(server, user);
            case ["test-server", var generation, var certificate]:
                return ServerProcess.Run(Enum.Parse<ServerGeneration>(generation), certificate);
            default:
                return LongRun(args);
        }
    }

    private static int LongRun(string[] args)
    {
        IEnumerable<Func<string, RunReport>>? runs = args switch
        {
            ["kills", .. var rest] => [folder => KillRun.Run(folder, At(rest, 0, 1000))],
            ["writers", .. var rest] => [folder => WriterRun.Run(folder, At(rest, 0, 16), At(rest, 1, 50))],
            ["server", var edits, var clients] => [folder => ServerRun.Run(folder, Number(edits), Number(clients))],
            ["server", .. var rest] => [folder => ServerRun.Run(folder, At(rest, 0, 40), 1), folder =>
                ServerRun.Run(folder, At(rest, 0, 40), 3)],
            ["torn", .. var rest] => [folder => TornReadRun.Run(folder, At(rest, 0, 10_000), RewriteShape.AtOnce)],
            ["plants", .. var rest] => [folder => PlantingRun.Run(folder, At(rest, 0, 200))],
            ["all"] =>
            [
                folder => KillRun.Run(folder, 1000),
                folder => WriterRun.Run(folder, 16, 50),
                folder => ServerRun.Run(folder, 40, 1),
                folder => ServerRun.Run(folder, 40, 3),
                folder => TornReadRun.Run(folder, 10_000, RewriteShape.AtOnce),
                folder => PlantingRun.Run(folder, 200),
            ],
            _ => null,
        };
        if (runs is null)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var isGood = true;
        foreach (var run in runs)
        {
            var folder = Directory.CreateTempSubdirectory("pgedge-users-");
            var report = run(folder.FullName);
            folder.Delete(recursive: true);
            Console.WriteLine(report);
            isGood &= report.IsGood;
        }

        return isGood ? 0 : 1;
    }

    private static int At(string[] args, int index, int missing) =>
        index < args.Length ? Number(args[index]) : missing;

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
