using System.Diagnostics;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress.Roles;

namespace PgEdgeUsers.Stress.Runs;

/// <summary>
/// Kills a process at random moments of its edits. At every moment, the file is complete and contains every
/// acknowledged edit and at most one other. Files that a killed edit left are removed by the next one.
/// </summary>
internal static class KillRun
{
    private const int Users = 100;

    public static RunReport Run(string folder, int kills)
    {
        var path = Path.Combine(folder, "users.yaml");
        File.WriteAllText(path, Sample.Text(Users));
        var total = Stopwatch.StartNew();
        int edits = 0, leftovers = 0, unacknowledged = 0;
        for (var kill = 1; kill <= kills; kill++)
        {
            var before = Leftovers(folder);
            using var child = Child.Start("note", path, Text(edits + 1));
            var acknowledged = Number(child.Expect());
            if (Leftovers(folder).Intersect(before).Any())
                return new RunReport(false, $"kill {kill}: the next edit left what the killed one had left");
            WatchFor(path, Random.Shared.NextDouble() * 40);
            child.Kill();
            acknowledged = child.ReadToEnd().Select(Number).LastOrDefault(acknowledged);
            edits = StateOf(path);
            if (edits - acknowledged is not (0 or 1))
            {
                return new RunReport(
                    false, $"kill {kill}: edit {acknowledged} was acknowledged and edit {edits} is in the file");
            }

            unacknowledged += edits - acknowledged;
            leftovers += Leftovers(folder).Length;
        }

        if (!UserHistory.Read(new UserFile(path)).Records.All(record => Follows(record, edits)))
            return new RunReport(false, "the history has a state that never existed");
        _ = new UserFile(path).Update([new RemoveUser(Sample.Name(Users))]);
        return Leftovers(folder) is { Length: > 0 } left
            ? new RunReport(false, $"left at the end: {string.Join(' ', left)}")
            : new RunReport(
                true,
                $"{kills} kills in {total.Elapsed.TotalSeconds:F0} s, {edits} edits, 0 lost, {unacknowledged} killed "
                    + "between the rename and the acknowledgment, "
                    + $"{leftovers} temporary files left and cleared");
    }

    /// <summary>Whether a record describes the step from an existing state to the next.</summary>
    private static bool Follows(HistoryRecord record, int edits)
    {
        var (before, after) = (NumberOf(record.Before!), NumberOf(record.After!));
        return before <= edits && after == before + 1;
    }

    private static int NumberOf(UserAccount user) =>
        user.Annotation.Length == 0 ? 0 : Number(user.Annotation.Replace("edit ", "", StringComparison.Ordinal));

    private static void WatchFor(string path, double milliseconds)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            _ = StateOf(path);
        }
        while (watch.Elapsed.TotalMilliseconds < milliseconds);
    }

    /// <summary>The number of the edit in the file. Nothing else may differ from the first state.</summary>
    private static int StateOf(string path)
    {
        var text = SharedFile.ReadText(path);
        var edit = text.Contains("annotation: edit ", StringComparison.Ordinal)
            ? Number(text.Split("annotation: edit ")[1].Split('\n')[0])
            : 0;
        return text == (edit == 0 ? Sample.Text(Users) : Sample.Text(Users, Editing.NoteOf(edit)))
            ? edit
            : throw new InvalidOperationException("The file is in none of its whole states:\n" + text);
    }

    private static string[] Leftovers(string folder) => Directory.GetFiles(folder, ".*.tmp");

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
