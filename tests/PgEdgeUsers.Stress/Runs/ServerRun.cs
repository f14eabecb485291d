using System.Diagnostics;
using System.Globalization;
using PgEdgeUsers.Core;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Stress.Runs;

/// <summary>
/// Edits a file while users sign in at a server, which overwrites the file with its memory each time.
/// </summary>
internal static class ServerRun
{
    /// <summary>The time between two sign-ins of a single client, in milliseconds.</summary>
    private const int Pause = 1460;

    /// <param name="folder">An empty folder.</param>
    /// <param name="edits">How many edits are made, each of a different user, of all kinds in turn.</param>
    /// <param name="clients">How many clients sign in: one at intervals, or several without a pause.</param>
    /// <param name="undo">How many of the edits the server certainly overwrites before it reads them.</param>
    /// <param name="noWait">Whether the edits are not verified.</param>
    public static RunReport Run(string folder, int edits, int clients, int undo = 0, bool noWait = false)
    {
        var path = Path.Combine(folder, "users.yaml");
        File.WriteAllText(path, Sample.Text(clients + edits));
        using var server = Child.Start("serve", path, Text(clients), Text(clients > 1 ? 0 : Pause), Text(undo));
        server.Expect();
        var total = Stopwatch.StartNew();
        var file = new UserFile(path) { NoWait = noWait };
        var made = Enumerable.Range(0, edits).Select(i => Edit(i, Sample.Name(clients + 1 + i))).ToArray();
        var unverified = made.Count(edit => !IsVerified(file, edit));
        var time = total.Elapsed;
        server.End();
        var story = server.ReadToEnd();
        var end = file.Read();
        var lost = made.Count(edit => !IsThere(edit, end));
        var users = clients + edits + made.OfType<AddUser>().Count() - made.OfType<RemoveUser>().Count();
        return new RunReport(
            lost == 0 && unverified == 0 && end.Users.Count == users,
            $"{edits} edits, {clients} client{(clients > 1 ? "s without pause" : "")}, {time.TotalSeconds:F0} s: "
                + $"{lost} lost, {unverified} not verified; server: {string.Join(' ', story)}");
    }

    private static bool IsVerified(UserFile file, UserChange edit)
    {
        try
        {
            return file.Update([edit]).IsVerified;
        }
        catch (PgEdgeUsersException)
        {
            return false;
        }
    }

    private static UserChange Edit(int number, string name) => (number % 4) switch
    {
        0 => new AddUser(Sample.Account("new-" + name)),
        1 => new UpdateUser(name, a => a with { Annotation = "noted" }),
        2 => new UpdateUser(name, a => a with { Enabled = false }),
        _ => new RemoveUser(name),
    };

    private static bool IsThere(UserChange edit, UserFileSnapshot end) => (edit, end.Find(edit.Username)) switch
    {
        (RemoveUser, var account) => account is null,
        (_, null) => false,
        (UpdateUser, var account) => account.Annotation == "noted" || !account.Enabled,
        (_, var account) => account == Sample.Account(edit.Username),
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
