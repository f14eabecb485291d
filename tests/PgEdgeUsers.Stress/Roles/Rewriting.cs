using System.Globalization;
using System.Text;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Stress.Roles;

/// <summary>How a file is rewritten in place.</summary>
internal enum RewriteShape
{
    /// <summary>Truncated and written at once, again and again, as the server does at sign-ins.</summary>
    AtOnce,

    /// <summary>Truncated, then written in pieces with pauses; each piece ends with a user's last line.</summary>
    UserByUser,

    /// <summary>Like <see cref="UserByUser"/>, but the pieces end anywhere.</summary>
    Anywhere,

    /// <summary>Emptied and closed; later opened again and written.</summary>
    EmptyForAWhile,
}

/// <summary>
/// Rewrites a user file in place as the server does, with the same users and a new annotation for all of them each
/// time.
/// </summary>
internal static class Rewriting
{
    /// <summary>Rewrites until the process is killed.</summary>
    public static int Forever(string path, int users, RewriteShape shape)
    {
        for (var generation = 1; ; generation++)
        {
            Rewrite(path, Text(users, generation), shape);
            if (generation == 1)
                Console.WriteLine("ready");
            // The duration of a sign-in, during which the file is complete.
            Thread.Sleep(shape == RewriteShape.AtOnce ? 5 : 100);
        }
    }

    /// <summary>A file in which all users have the same annotation.</summary>
    public static string Text(int users, int generation) =>
        "users:\n" + string.Concat(Enumerable.Range(1, users)
            .Select(i => Sample.Entry(Sample.Name(i), $"generation {generation}")));

    /// <summary>The number of the rewrite that a state is from; null if it is a mixture or incomplete.</summary>
    public static int? GenerationOf(UserFileSnapshot state, int users) =>
        state.Users.Count == users && state.Users.Select(u => u.Annotation).Distinct().ToArray() is [var note]
            ? int.Parse(note["generation ".Length..], CultureInfo.InvariantCulture)
            : null;

    private static void Rewrite(string path, string text, RewriteShape shape)
    {
        if (shape == RewriteShape.EmptyForAWhile)
        {
            SharedFile.OpenToRewrite(path).Dispose();
            Thread.Sleep(300);
        }

        using var file = SharedFile.OpenToRewrite(path);
        foreach (var piece in Pieces(text, shape))
        {
            file.Write(Encoding.UTF8.GetBytes(piece));
            if (shape is RewriteShape.UserByUser or RewriteShape.Anywhere)
                Thread.Sleep(Pause);
        }
    }

    /// <summary>
    /// Longer than the time between two reads of the same state; shorter if the system does not report who has a file
    /// open.
    /// </summary>
    private static TimeSpan Pause => TimeSpan.FromMilliseconds(OperatingSystem.IsLinux() ? 150 : 40);

    private static IEnumerable<string> Pieces(string text, RewriteShape shape)
    {
        if (shape is RewriteShape.AtOnce or RewriteShape.EmptyForAWhile)
            return [text];
        var entries = text.Split("    user0").Select((e, i) => i == 0 ? e : "    user0" + e);
        return shape == RewriteShape.UserByUser ? entries : ["", .. text.Chunk(97).Select(c => new string(c))];
    }
}
