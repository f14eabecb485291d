using System.Collections.Concurrent;
using System.Security;

namespace PgEdgeUsers.Core.Passwords;

/// <summary>Hashes many passwords on all cores.</summary>
public static class PasswordHasher
{
    /// <summary>Hashes the passwords.</summary>
    /// <param name="passwords">The passwords; null where there is none.</param>
    /// <param name="onHashed">
    /// Receives the number of finished hashes and their total, on the calling thread; null when nobody asks.
    /// </param>
    /// <param name="cancellation">Stops between two hashes.</param>
    /// <returns>The hashes at the same positions.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.PasswordRejected"/>: a password has more than 72 bytes.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static string?[] HashAll(IReadOnlyList<SecureString?> passwords, Action<int, int>? onHashed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(passwords);
        var hashes = new string?[passwords.Count];
        var positions = Enumerable.Range(0, passwords.Count).Where(i => passwords[i] is not null).ToArray();
        if (positions.Length == 0)
            return hashes;
        // Not disposed: after a cancellation, hashes that are still being computed report to it.
        var finished = new BlockingCollection<int>();
        var hashing = Task.Run(() => HashAsync(passwords, hashes, positions, finished, cancellation), CancellationToken.None);
        var done = 0;
        foreach (var _ in finished.GetConsumingEnumerable(CancellationToken.None))
            onHashed?.Invoke(++done, positions.Length);
        hashing.GetAwaiter().GetResult();
        return hashes;
    }

    private static async Task HashAsync(
        IReadOnlyList<SecureString?> passwords, string?[] hashes, int[] positions, BlockingCollection<int> finished, CancellationToken cancellation)
    {
        try
        {
            await Parallel.ForEachAsync(positions, cancellation, (i, _) =>
            {
                hashes[i] = PasswordHash.Create(passwords[i]!);
                finished.Add(i, CancellationToken.None);
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
        }
        finally
        {
            finished.CompleteAdding();
        }
    }
}
