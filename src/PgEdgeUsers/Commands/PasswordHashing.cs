using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using PgEdgeUsers.Core.Passwords;

namespace PgEdgeUsers.Commands;

/// <summary>Hashes passwords on all cores while the cmdlet's own thread, the only one that may, shows how far it is.</summary>
internal sealed class PasswordHashing(PSCmdlet cmdlet)
{
    /// <summary>Fewer are done before a progress bar could be read.</summary>
    private const int WorthShowing = 5;

    /// <summary>Hashes the passwords.</summary>
    /// <param name="passwords">The passwords; null where there is none.</param>
    /// <param name="stop">Stops between two hashes.</param>
    /// <returns>The hashes in the same places.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public string?[] HashAll(IReadOnlyList<SecureString?> passwords, CancellationToken stop)
    {
        var hashes = new string?[passwords.Count];
        var places = Enumerable.Range(0, passwords.Count).Where(i => passwords[i] is not null).ToArray();
        if (places.Length == 0)
            return hashes;
        // Not disposed: after Ctrl+C a hash that is under way is still counted.
        var done = new BlockingCollection<bool>();
        var hashing = Task.Run(
            async () =>
            {
                try
                {
                    return await PasswordHash.CreateAllAsync(places.Select(i => passwords[i]!).ToArray(), () => done.Add(true), stop).ConfigureAwait(false);
                }
                finally
                {
                    done.CompleteAdding();
                }
            },
            CancellationToken.None);
        Show(done, places.Length);
        foreach (var (place, hash) in places.Zip(hashing.GetAwaiter().GetResult()))
            hashes[place] = hash;
        return hashes;
    }

    private void Show(BlockingCollection<bool> done, int count)
    {
        var watch = Stopwatch.StartNew();
        var hashed = 0;
        foreach (var _ in done.GetConsumingEnumerable())
        {
            hashed++;
            // A record for each: jobs and other collectors keep what they are given.
            if (count >= WorthShowing)
            {
                cmdlet.WriteProgress(new ProgressRecord(0, "Hashing passwords", string.Create(CultureInfo.InvariantCulture, $"{hashed} of {count}"))
                {
                    PercentComplete = 100 * hashed / count,
                    SecondsRemaining = (int)(watch.Elapsed.TotalSeconds / hashed * (count - hashed)),
                    RecordType = hashed == count ? ProgressRecordType.Completed : ProgressRecordType.Processing,
                });
            }
        }
    }
}
