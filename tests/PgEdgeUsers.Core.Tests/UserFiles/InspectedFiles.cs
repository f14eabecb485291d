using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// Gives a user file or what is next to it a fault, and returns where the file is; null if this machine does not allow
/// that.
/// </summary>
internal static class InspectedFiles
{
    public static UserFileLocation Located(TestFolder folder) => new(folder.File, "the reason");

    public static UserFileLocation? WithMode(TestFolder folder, string path, int mode)
    {
        Machine.SetMode(path, mode);
        return OperatingSystem.IsWindows() ? null : Located(folder);
    }

    public static UserFileLocation? GivenAway(TestFolder folder)
    {
        if (!Machine.IsLinuxRoot)
            return null;
        Machine.GiveAway(folder.File, 12345, 23456);
        return Located(folder);
    }

    public static UserFileLocation? InFolderGivenAway(TestFolder folder)
    {
        if (!Machine.IsLinuxRoot)
            return null;
        Machine.GiveAway(folder.Path, 12345, 23456);
        return Located(folder);
    }

    public static UserFileLocation? WithSidecar(TestFolder folder, string suffix, Action<string> spoil)
    {
        if (OperatingSystem.IsWindows())
            return null;
        spoil(folder.Write("", "users.yaml" + suffix));
        return Located(folder);
    }

    public static UserFileLocation? WithSidecarOfAnother(TestFolder folder, string suffix) =>
        Machine.IsLinuxRoot ? WithSidecar(folder, suffix, path => Machine.GiveAway(path, 12345, 23456)) : null;

    public static UserFileLocation WithLinkedSidecar(TestFolder folder, string suffix)
    {
        File.CreateSymbolicLink(folder.File + suffix, "other");
        return Located(folder);
    }

    public static UserFileLocation? WithPipe(TestFolder folder)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Native.Pipe(folder.File + ".audit.jsonl");
        return Located(folder);
    }

    public static UserFileLocation Linked(TestFolder folder)
    {
        File.CreateSymbolicLink(folder["link.yaml"], "users.yaml");
        return new UserFileLocation(folder["link.yaml"], "test");
    }
}
