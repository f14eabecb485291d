using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>What a user file held at one moment.</summary>
public sealed class UserFileSnapshot
{
    private readonly UserDocument? _document;
    private readonly DocumentException? _refusal;
    private IReadOnlyList<UserAccount>? _users;

    internal UserFileSnapshot(FileStatus? status, byte[] bytes, UserDocument document)
    {
        Status = status;
        Bytes = bytes;
        _document = document;
    }

    internal UserFileSnapshot(FileStatus status, byte[] bytes, DocumentException refusal)
    {
        Status = status;
        Bytes = bytes;
        _refusal = refusal;
    }

    /// <summary>Whether the file was there.</summary>
    public bool Exists => Status is not null;

    /// <summary>The users in the order of the file.</summary>
    public IReadOnlyList<UserAccount> Users => _users ??= [.. Document.Entries.Select(e => e.Account)];

    /// <summary>Whether group or others may read or change the file, which holds password hashes.</summary>
    public bool HasPermissiveMode => Status is { IsPermissive: true };

    /// <summary>The file's mode as four octal digits; empty when there is no file.</summary>
    public string ModeText => Status?.ModeText ?? "";

    /// <summary>
    /// Whether the file is a mount point of its own, which is written in place for want of another way.
    /// </summary>
    public bool IsMountPoint => Status is { IsMountPoint: true };

    /// <summary>The file's owner; empty when there is no file or the system cannot tell.</summary>
    public string Owner => Status?.Owner.Name ?? "";

    /// <summary>The user of exactly this name, or null.</summary>
    public UserAccount? Find(string name) => Document.Find(name)?.Account;

    /// <summary>A way to try changes on this state before they are made.</summary>
    public ChangeSet Preview() => new(Document);

    internal FileStatus? Status { get; }

    internal byte[] Bytes { get; }

    /// <summary>Why the text was refused; null when it was read.</summary>
    internal DocumentException? Refusal => _refusal;

    internal UserDocument Document => OrThrow()._document!;

    /// <summary>Whether the text was read and cannot be the beginning of a longer one that is being written.</summary>
    internal bool IsComplete => _document is { IsCertainlyWhole: true };

    /// <summary>The same content, seen again at a later moment.</summary>
    internal UserFileSnapshot At(FileStatus status) =>
        _refusal is null
            ? new UserFileSnapshot(status, Bytes, _document!)
            : new UserFileSnapshot(status, Bytes, _refusal);

    /// <summary>This snapshot, when its text was read.</summary>
    /// <exception cref="DocumentException">The text was refused.</exception>
    internal UserFileSnapshot OrThrow() => _refusal is null
        ? this
        : throw new DocumentException(_refusal.Line, _refusal.Message, _refusal.Remedy);
}
