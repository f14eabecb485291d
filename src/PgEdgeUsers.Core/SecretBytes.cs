using System.Security.Cryptography;

namespace PgEdgeUsers.Core;

/// <summary>
/// A buffer for a secret: pinned, so that the garbage collector does not copy it, and overwritten on disposal.
/// </summary>
/// <param name="capacity">The size of the buffer, in bytes.</param>
internal sealed class SecretBytes(int capacity) : IDisposable
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);

    /// <summary>The number of bytes in use.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes in use.</summary>
    public ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, Length);

    /// <summary>The unused rest of the buffer.</summary>
    public Memory<byte> Free => _buffer.AsMemory(Length);

    /// <summary>Adds bytes that were written to the start of <see cref="Free"/> to the content.</summary>
    public void Advance(int count) => Length += count;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_buffer.AsSpan(0, Length));
        Length = 0;
    }

    /// <summary>Hides the secret from debuggers and messages.</summary>
    public override string ToString() => "(secret)";
}
