using System.Collections.Concurrent;
using System.Security;

namespace PgEdgeUsers.Core.Passwords;

/// <summary>Hashes and verifies many passwords on all cores.</summary>
public static class PasswordHasher
{
    /// <summary>Hashes the passwords.</summary>
    /// <param name="passwords">The passwords; null for entries without one.</param>
    /// <param name="onHashed">
    /// Receives the number of finished hashes and their total, on the calling thread; may be null.
    /// </param>
    /// <param name="cancellation">Stops between two hashes.</param>
    /// <returns>The hashes at the same positions.</returns>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.PasswordRejected"/>: a password has more than 72 bytes.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static string?[] HashAll(
        IReadOnlyList<SecureString?> passwords, Action<int, int>? onHashed, CancellationToken cancellation)
    {
        return Run(passwords, (password, _) => PasswordHash.Create(password), onHashed, cancellation);
    }

    /// <summary>Verifies passwords against hashes, which takes as long as hashing them.</summary>
    /// <param name="passwords">The passwords; null for entries without one.</param>
    /// <param name="hashes">The hashes at the same positions.</param>
    /// <param name="onVerified">
    /// Receives the number of verified passwords and their total, on the calling thread; may be null.
    /// </param>
    /// <param name="cancellation">Stops between two passwords.</param>
    /// <returns>Whether each password exists and matches, at the same positions.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static bool[] VerifyAll(
        IReadOnlyList<SecureString?> passwords,
        IReadOnlyList<string> hashes,
        Action<int, int>? onVerified,
        CancellationToken cancellation)
    {
        return Run(passwords, (password, i) => PasswordHash.Verify(password, hashes[i]), onVerified, cancellation);
    }

    private static T?[] Run<T>(
        IReadOnlyList<SecureString?> passwords,
        Func<SecureString, int, T> compute,
        Action<int, int>? onDone,
        CancellationToken cancellation)
    {
        var results = new T?[passwords.Count];
        var positions = Enumerable.Range(0, passwords.Count).Where(i => passwords[i] is not null).ToArray();
        if (positions.Length == 0)
            return results;
        // Not disposed, because computations that are still running after a cancellation report to it.
        var finished = new BlockingCollection<int>();
        var running = Task.Run(
            () => RunAsync(positions, i => results[i] = compute(passwords[i]!, i), finished, cancellation),
            CancellationToken.None);
        var done = 0;
        foreach (var _ in finished.GetConsumingEnumerable(CancellationToken.None))
            onDone?.Invoke(++done, positions.Length);
        running.GetAwaiter().GetResult();
        return results;
    }

    private static async Task RunAsync(
        int[] positions, Action<int> compute, BlockingCollection<int> finished, CancellationToken cancellation)
    {
        try
        {
            await Parallel.ForEachAsync(positions, cancellation, (i, _) =>
            {
                compute(i);
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
