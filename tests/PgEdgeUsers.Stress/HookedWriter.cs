using Microsoft.Win32.SafeHandles;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Stress;

/// <summary>
/// A writer that saves as usual, and calls a test before each step, which can record it, fail, or interfere.
/// </summary>
internal sealed class HookedWriter(Action<SaveStep, string> before) : AtomicFile
{
    protected override SafeFileHandle Create(string path)
    {
        before(SaveStep.Create, path);
        return base.Create(path);
    }

    protected override void Write(SafeFileHandle file, byte[] content)
    {
        // A write that fails has often written something already.
        RandomAccess.Write(file, content.AsSpan(0, content.Length / 2), 0);
        before(SaveStep.Write, "");
        base.Write(file, content);
    }

    protected override IReadOnlyList<string> KeepAccess(
        SafeFileHandle file, string path, (string Path, FileStatus? Status) original, FileOwner? owner)
    {
        before(SaveStep.KeepAccess, path);
        return base.KeepAccess(file, path, original, owner);
    }

    protected override void Sync(SafeFileHandle file, string path)
    {
        before(SaveStep.Sync, path);
        base.Sync(file, path);
    }

    protected override void Rename(SafeFileHandle file, string from, string to)
    {
        before(SaveStep.Rename, from);
        base.Rename(file, from, to);
    }

    protected override void SyncFolder(string path)
    {
        before(SaveStep.SyncFolder, path);
        base.SyncFolder(path);
    }
}
