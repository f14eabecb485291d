using System.Security;
using System.Text;
using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Passwords;

/// <summary>
/// A CSV file with the columns <c>Username</c> and <c>Password</c> for handing out generated passwords. It is created
/// with mode 0600 and never replaces a file.
/// </summary>
public sealed class PasswordHandout : IDisposable
{
    private readonly NewFile _file;

    private PasswordHandout(string path, NewFile file)
    {
        Path = path;
        _file = file;
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>
    /// Creates the file with the given passwords. Unless <see cref="Keep"/> is called, it is deleted on disposal.
    /// </summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="passwords">The user names with their passwords.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.HandoutFailed"/>: it already exists, or cannot be created or written.
    /// </exception>
    public static PasswordHandout Create(string path, IEnumerable<(string Username, SecureString Password)> passwords)
    {
        var handout = Create(path);
        try
        {
            handout.Write(passwords);
            return handout;
        }
        catch
        {
            handout.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Replaces the content and writes it through to the disk. The plain text is overwritten in memory afterwards.
    /// </summary>
    /// <param name="passwords">The user names with their passwords.</param>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.HandoutFailed"/>: it cannot be written.
    /// </exception>
    public void Write(IEnumerable<(string Username, SecureString Password)> passwords)
    {
        try
        {
            _file.Stream.SetLength(0);
            _file.Stream.Write("\"Username\",\"Password\"\n"u8);
            foreach (var (username, password) in passwords)
            {
                using var text = SecretText.From(password);
                using var bytes = text.ToBytes();
                WriteQuoted(Encoding.UTF8.GetBytes(username));
                _file.Stream.Write(","u8);
                WriteQuoted(bytes.Content.Span);
                _file.Stream.Write("\n"u8);
            }

            _file.Stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            throw Failed(Path, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Keeps the file, because its passwords are in use.</summary>
    public void Keep() => _file.Keep();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static PasswordHandout Create(string path)
    {
        try
        {
            return new PasswordHandout(path, NewFile.Create(path));
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            throw Failed(path, e.Message.TrimEnd('.'), e);
        }
    }

    private void WriteQuoted(ReadOnlySpan<byte> text)
    {
        _file.Stream.Write("\""u8);
        for (var mark = text.IndexOf((byte)'"'); mark >= 0; mark = text.IndexOf((byte)'"'))
        {
            // A quotation mark in the text is doubled.
            _file.Stream.Write(text[..(mark + 1)]);
            _file.Stream.Write("\""u8);
            text = text[(mark + 1)..];
        }

        _file.Stream.Write(text);
        _file.Stream.Write("\""u8);
    }

    private static PgEdgeUsersException Failed(string path, string why, Exception cause) => new(
        FailureKind.HandoutFailed,
        $"Cannot write the generated passwords to '{path}': {why}. No password was changed.",
        cause);
}
