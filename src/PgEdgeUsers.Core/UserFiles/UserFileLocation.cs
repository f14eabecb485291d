namespace PgEdgeUsers.Core.UserFiles;

/// <summary>Which user file is used, and why.</summary>
/// <param name="Path">The absolute path; the file need not exist.</param>
/// <param name="Reason">Why it is this one, as a phrase.</param>
/// <param name="MakesFolder">
/// Whether its folder is created with the first user: only that of the user's own default is.
/// </param>
/// <param name="Setting">The path as the server's own setting has it; null where the server has none.</param>
public sealed record UserFileLocation(string Path, string Reason, bool MakesFolder = false, string? Setting = null)
{
    /// <summary>What may be different from what is expected, each as sentences for an administrator.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
