using System.Buffers.Binary;
using System.Globalization;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// Who may use a file on Linux: its owner, and others by the mode or by a POSIX access list, whose mask is then the
/// group's part of the mode.
/// </summary>
internal sealed class AccessList
{
    public const int MayRead = 4;
    public const int MayPass = 1;

    private const int HeaderBytes = 4;
    private const int EntryBytes = 8;

    private readonly List<Entry> _entries;
    private readonly FileStatus _status;

    private AccessList(FileStatus status, List<Entry> entries)
    {
        _status = status;
        _entries = entries;
    }

    private enum Tag
    {
        User = 2,
        OwningGroup = 4,
        Group = 8,
        Mask = 16,
        Other = 32,
    }

    /// <summary>Who can read beside the owner, in words.</summary>
    public IReadOnlyList<string> OtherReaders =>
        [.. _entries.Where(entry => Gives(entry, MayRead)).Select(InWords).OfType<string>()];

    /// <summary>
    /// The access list of a file or folder; what its mode says where it has none, or where that may not be asked.
    /// </summary>
    public static AccessList Of(string path, FileStatus status)
    {
        var entries = Parse(ValueOf(path));
        if (entries.Count == 0)
        {
            entries.Add(new Entry(Tag.OwningGroup, ((int)status.Mode >> 3) & 7, 0));
            entries.Add(new Entry(Tag.Other, (int)status.Mode & 7, 0));
        }

        return new AccessList(status, entries);
    }

    /// <summary>Whether an account may use the file, by the system's rules.</summary>
    /// <param name="user">The account.</param>
    /// <param name="groups">All its groups.</param>
    /// <param name="right">What for.</param>
    public bool Lets(uint user, IReadOnlyCollection<uint> groups, int right)
    {
        if (user == 0)
            return true;
        if (user == _status.User)
            return (((int)_status.Mode >> 6) & right) != 0;
        if (_entries.Find(entry => entry.Tag == Tag.User && entry.Number == user) is { } own)
            return Gives(own, right);
        var ofGroups = _entries.FindAll(entry => IsOfGroups(entry, groups));
        return ofGroups.Count > 0
            ? ofGroups.Exists(entry => Gives(entry, right))
            : _entries.Exists(entry => entry.Tag == Tag.Other && Gives(entry, right));
    }

    private bool IsOfGroups(Entry entry, IReadOnlyCollection<uint> groups) => entry.Tag switch
    {
        Tag.OwningGroup => groups.Contains(_status.Group),
        Tag.Group => groups.Contains(entry.Number),
        _ => false,
    };

    /// <summary>The mask bounds every entry but that for others.</summary>
    private bool Gives(Entry entry, int right)
    {
        var mask = entry.Tag == Tag.Other ? null : _entries.Find(other => other.Tag == Tag.Mask);
        return (entry.Rights & (mask?.Rights ?? right) & right) != 0;
    }

    private string? InWords(Entry entry) => entry.Tag switch
    {
        Tag.User => "user " + (Posix.UserName(entry.Number) ?? Text(entry.Number)),
        Tag.Group => "group " + (Posix.GroupName(entry.Number) ?? Text(entry.Number)),
        Tag.OwningGroup => "group " + (Posix.GroupName(_status.Group) ?? Text(_status.Group)),
        Tag.Other => "all other accounts",
        _ => null,
    };

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[]? ValueOf(string path)
    {
        try
        {
            using var file = FileContent.Open(path);
            return file is null ? null : ExtendedAttributes.Value(file, ExtendedAttributes.AccessList);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return null;
        }
    }

    /// <summary>The kernel's form: a version, then tag, rights and number of each entry.</summary>
    private static List<Entry> Parse(byte[]? value)
    {
        var entries = new List<Entry>();
        for (var at = HeaderBytes; value is not null && at + EntryBytes <= value.Length; at += EntryBytes)
        {
            var entry = value.AsSpan(at, EntryBytes);
            entries.Add(new Entry(
                (Tag)BinaryPrimitives.ReadUInt16LittleEndian(entry),
                BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..])));
        }

        return entries;
    }

    private sealed record Entry(Tag Tag, int Rights, uint Number);
}
