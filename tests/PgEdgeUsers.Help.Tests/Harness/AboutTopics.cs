namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>The about topics as they are staged.</summary>
internal static class AboutTopics
{
    private const string Ending = ".help.txt";

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Repository.Help, "about_*" + Ending).Select(path => Path.GetFileName(path)[..^Ending.Length]).Order(StringComparer.Ordinal)];

    public static string TextOf(string name) => File.ReadAllText(Path.Combine(Repository.Help, name + Ending));
}
