using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace PgEdgeUsers.Core;

/// <summary>
/// The plain text of a password or token while it is needed: a pinned string, so that the garbage collector does not
/// copy it, overwritten on disposal. It is a string because the bcrypt library accepts nothing else. The library's own
/// UTF-8 copy cannot be overwritten.
/// </summary>
internal sealed class SecretText : IDisposable
{
    private GCHandle _pin;

    private SecretText(int length)
    {
        // new string(...) is never interned, so no other code shares the string whose characters are overwritten.
        Value = length == 0 ? "" : new string('\0', length);
        _pin = GCHandle.Alloc(Value, GCHandleType.Pinned);
    }

    /// <summary>The secret. Do not use it after disposal.</summary>
    public string Value { get; }

    /// <summary>
    /// The length in UTF-8, in bytes. An unpaired surrogate counts as the three bytes of its replacement character.
    /// </summary>
    public int ByteCount => Encoding.UTF8.GetByteCount(Value);

    /// <summary>Copies the text of a secure string, which is left unchanged.</summary>
    public static SecretText From(SecureString secret)
    {
        var text = new SecretText(secret.Length);
        var unmanaged = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            for (var i = 0; i < text.Value.Length; i++)
                text.Characters[i] = (char)Marshal.ReadInt16(unmanaged, i * sizeof(char));
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(unmanaged);
        }

        return text;
    }

    /// <summary>Copies the text to UTF-8.</summary>
    public SecretBytes ToBytes()
    {
        var bytes = new SecretBytes(ByteCount);
        bytes.Advance(Encoding.UTF8.GetBytes(Value, bytes.Free.Span));
        return bytes;
    }

    public void Dispose()
    {
        Characters.Clear();
        if (_pin.IsAllocated)
            _pin.Free();
    }

    /// <summary>Hides the secret from debuggers and messages.</summary>
    public override string ToString() => "(secret)";

    private Span<char> Characters =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(Value.AsSpan()), Value.Length);
}
