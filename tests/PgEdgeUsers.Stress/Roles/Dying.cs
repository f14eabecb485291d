using System.Diagnostics;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>Is killed in the middle of an edit.</summary>
internal static class Dying
{
    /// <summary>Edits, and is killed right before one step.</summary>
    public static int Edit(string path, SaveStep last)
    {
        var file = new UserFile(path)
        {
            History = new HistoryWriter(),
            Writer = new HookedWriter((step, _) => DieIf(step == last)),
        };
        file.Update([new UpdateUser(Sample.Name(1), a => a with { Annotation = "a note" })]);
        Console.WriteLine($"It lived through {last}.");
        return 0;
    }

    private static void DieIf(bool now)
    {
        if (!now)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
