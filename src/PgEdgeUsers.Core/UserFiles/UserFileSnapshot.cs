using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The content of a user file at one point in time.</summary>
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

    /// <summary>Whether the file existed.</summary>
    public bool Exists => Status is not null;

    /// <summary>The users in the order of the file.</summary>
    public IReadOnlyList<UserAccount> Users => _users ??= [.. Document.Entries.Select(e => e.Account)];

    /// <summary>Whether group or others may read or change the file, which contains password hashes.</summary>
    public bool HasPermissiveMode => Status is { IsPermissive: true };

    /// <summary>The file's mode as four octal digits; empty if the file does not exist.</summary>
    public string ModeText => Status?.ModeText ?? "";

    /// <summary>Whether the file is a mount point, which can only be written in place.</summary>
    public bool IsMountPoint => Status is { IsMountPoint: true };

    /// <summary>The file's owner; empty if the file does not exist or the owner is unknown.</summary>
    public string Owner => Status?.Owner.Name ?? "";

    /// <summary>The user with exactly this name, or null.</summary>
    public UserAccount? Find(string name) => Document.Find(name)?.Account;

    /// <summary>Creates a preview, which applies changes to this state in memory only.</summary>
    public ChangeSet Preview() => new(Document);

    internal FileStatus? Status { get; }

    internal byte[] Bytes { get; }

    /// <summary>Why the text cannot be used; null if it can.</summary>
    internal DocumentException? Refusal => _refusal;

    internal UserDocument Document => OrThrow()._document!;

    /// <summary>Whether the text is usable and cannot be the beginning of a longer one that is being written.</summary>
    internal bool IsComplete => _document is { IsCertainlyComplete: true };

    /// <summary>The same content, read again with a new status.</summary>
    internal UserFileSnapshot At(FileStatus status) =>
        _refusal is null
            ? new UserFileSnapshot(status, Bytes, _document!)
            : new UserFileSnapshot(status, Bytes, _refusal);

    /// <summary>This snapshot, if its text is usable.</summary>
    /// <exception cref="DocumentException">The text cannot be used.</exception>
    internal UserFileSnapshot OrThrow() => _refusal is null
        ? this
        : throw new DocumentException(_refusal.Line, _refusal.Message, _refusal.Remedy);
}
