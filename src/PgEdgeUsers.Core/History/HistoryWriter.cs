using System.Security.Cryptography;
using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.History;

/// <summary>
/// Records the earlier state of each account that a change of a user file is about to change. The records are synced
/// before the user file is replaced: a crash in between leaves a record of a change that was not made, whose earlier
/// state is the one that the account still has.
/// </summary>
public sealed class HistoryWriter
{
    /// <summary>Why the change is made; empty if no reason was given.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether the change returns accounts to an earlier state.</summary>
    public bool IsRestore { get; init; }

    /// <summary>Begins a change. The lock of the user file must be held until it is disposed.</summary>
    /// <param name="target">The user file.</param>
    internal Transaction Begin(string target) => new(this, target);

    /// <summary>A change that is recorded, and taken back unless the user file was replaced.</summary>
    internal sealed class Transaction : IDisposable
    {
        private readonly HistoryWriter _writer;
        private readonly string _target;
        private readonly string _path;
        private FileOwner? _owner;
        private FileStatus? _status;
        private long? _lengthBefore;
        private HashSet<string> _purged = [];

        public Transaction(HistoryWriter writer, string target)
        {
            _writer = writer;
            _target = target;
            _path = SidecarPath.History(target);
        }

        /// <summary>Records what is about to be written, in place of what was recorded before.</summary>
        public void Record(IReadOnlyList<UserChangeResult> results)
        {
            TakeBack();
            var purged = results.Where(result => result.Change is PurgeUser);
            _purged = purged.Select(result => result.Change.Username).ToHashSet(StringComparer.Ordinal);
            var lines = Lines(results.Where(result => result.IsChanged && result.Change is not PurgeUser));
            if (lines.Length == 0)
                return;
            _status = FileStatus.OfLink(_target);
            _owner = FileAccessPlan.OwnerOf(_target, _status);
            _lengthBefore = HistoryFile.Guard(
                _path, "cannot be written, and nothing was changed", () => HistoryFile.Append(_path, lines, _owner));
        }

        /// <summary>Keeps the record: the change was made. Removes the history of purged users.</summary>
        /// <param name="written">What the user file contains now; null if nothing was written.</param>
        public void Commit(UserFileSnapshot? written)
        {
            if (_purged.Count > 0)
            {
                var owner = FileStatus.OfLink(_target)?.Owner;
                HistoryFile.Guard(
                    _path, "still contains users to be purged", () => HistoryFile.Purge(_path, owner, _purged));
            }

            if (_lengthBefore is null || written is null)
                return;
            _lengthBefore = null;
            try
            {
                HistoryFile.Trim(
                    _path, FileStatus.OfLink(_target)?.Owner, () => written.Users.Select(user => user.PasswordHash));
            }
            catch (Exception e) when (e is StorageException || StorageException.IsOfSystem(e))
            {
                // The change is made and recorded. The next one trims the history.
            }
        }

        /// <summary>Takes the record back if the user file is what it was.</summary>
        public void Dispose()
        {
            if (_lengthBefore is not null && FileStatus.OfLink(_target) == _status)
                TakeBack();
        }

        private void TakeBack()
        {
            if (_lengthBefore is not { } length)
                return;
            _lengthBefore = null;
            try
            {
                HistoryFile.TakeBack(_path, length, _owner);
            }
            catch (Exception e) when (e is StorageException || StorageException.IsOfSystem(e))
            {
                // The record says how the account was at that time, which is true.
            }
        }

        private byte[] Lines(IEnumerable<UserChangeResult> results)
        {
            var (time, id) = (DateTime.UtcNow, RandomNumberGenerator.GetHexString(16, lowercase: true));
            using var lines = new MemoryStream();
            foreach (var result in results)
            {
                HistoryLine.Write(lines, new HistoryRecord(
                    time, id, EventOf(result), Actor.Current, _writer.Reason, result.Before, result.Account));
            }

            return lines.ToArray();
        }

        private HistoryEvent EventOf(UserChangeResult result) => (result.Before, result.Account) switch
        {
            _ when _writer.IsRestore => HistoryEvent.Restored,
            (null, _) => HistoryEvent.Added,
            (_, null) => HistoryEvent.Removed,
            var (before, after) => before.Name == after.Name ? HistoryEvent.Changed : HistoryEvent.Renamed,
        };
    }
}
