namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The user file to use, and the reason.</summary>
/// <param name="Path">The absolute path; the file need not exist.</param>
/// <param name="Reason">Why this file is used, as a phrase.</param>
/// <param name="MakesFolder">
/// Whether its folder is created with the first user. This is the case only for the user's own default file.
/// </param>
/// <param name="Setting">The path as it is written in the server's setting; null if there is none.</param>
public sealed record UserFileLocation(string Path, string Reason, bool MakesFolder = false, string? Setting = null)
{
    /// <summary>
    /// Warnings for an administrator that the file may not be the expected one, as complete sentences.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
