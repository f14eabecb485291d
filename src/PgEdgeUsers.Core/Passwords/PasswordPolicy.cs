using System.Globalization;
using System.Security;
using System.Text;

namespace PgEdgeUsers.Core.Passwords;

/// <summary>
/// The requirements for new passwords, based on NIST SP 800-63B-4 for a single factor: long enough, not derived from
/// the user name, not a pattern and not common. There are no rules about kinds of characters.
/// </summary>
/// <param name="minLength">The minimum number of characters (Unicode scalar values).</param>
public sealed class PasswordPolicy(int minLength)
{
    /// <summary>The minimum length unless the environment sets another: SP 800-63B-4, section 3.1.1.2.</summary>
    public const int DefaultMinLength = 15;

    /// <summary>The lowest minimum length that the environment can set.</summary>
    public const int LowestMinLength = 8;

    /// <summary>The environment variable that sets the minimum length.</summary>
    public const string MinLengthVariable = "PGEDGE_AUTH_PASSWORD_MIN_LENGTH";

    private static readonly string[] Sequences =
    [
        "abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
        "azertyuiop", "qsdfghjklm",
        "!@#$%^&*()_+", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
    ];

    private static readonly Lazy<HashSet<string>> Common = new(LoadCommon);

    /// <summary>The minimum number of characters.</summary>
    public int MinLength => minLength;

    /// <summary>The policy with the minimum length from the environment.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.InvalidConfiguration"/>: the variable is not a whole number from 8 to 72.
    /// </exception>
    public static PasswordPolicy FromEnvironment()
    {
        var setting = Environment.GetEnvironmentVariable(MinLengthVariable);
        if (string.IsNullOrEmpty(setting))
            return new PasswordPolicy(DefaultMinLength);
        if (int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length is >= LowestMinLength and <= PasswordHash.MaxBytes)
        {
            return new PasswordPolicy(length);
        }

        throw new PgEdgeUsersException(
            FailureKind.InvalidConfiguration,
            $"The environment variable {MinLengthVariable} must be a whole number from {LowestMinLength} to "
                + $"{PasswordHash.MaxBytes}. Correct or remove it.");
    }

    /// <summary>Checks a new password of a user.</summary>
    /// <exception cref="PgEdgeUsersException">
    /// <see cref="FailureKind.PasswordRejected"/>: it breaks a rule. The message names the first one, but not the
    /// password.
    /// </exception>
    public void Check(SecureString password, string username)
    {
        using var text = SecretText.From(password);
        if ((PasswordHash.ReasonNotToHash(text) ?? Problem(text.Value, username)) is { } problem)
        {
            throw new PgEdgeUsersException(
                FailureKind.PasswordRejected, $"The password for '{VisibleText.Of(username)}' {problem}");
        }
    }

    private string? Problem(string password, string username)
    {
        if (password.Contains('\0', StringComparison.Ordinal))
            return "contains a NUL character. Choose a password without it.";
        if (password.AsSpan().ContainsAny("\r\n\u0085\u2028\u2029"))
            return "contains a line break, which cannot be typed at a prompt. Choose a password without it.";
        if (HasLoneSurrogate(password))
            return "contains an unpaired surrogate, which is not a character. Choose a password without it.";
        var length = password.EnumerateRunes().Count();
        if (length < minLength)
        {
            return $"has {length.ToString(CultureInfo.InvariantCulture)} characters; at least "
                + $"{minLength.ToString(CultureInfo.InvariantCulture)} are needed. "
                + "A few unrelated words make a good one.";
        }

        if (IsRepeated(password))
            return "is a repeated piece of text. Choose another.";
        if (IsRun(password))
            return "is a simple sequence of letters, digits or neighboring keys. Choose another.";
        if (IsBuiltAround(password, username))
            return "is built around the user name. Choose another.";
        return Common.Value.Contains(password) ? "is on the list of common passwords. Choose another." : null;
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune))
                return true;
            at += rune.Utf16SequenceLength;
        }

        return false;
    }

    private static bool IsRepeated(string password)
    {
        for (var unit = 1; unit <= password.Length / 2; unit++)
        {
            if (password.AsSpan(unit).SequenceEqual(password.AsSpan(0, password.Length - unit)))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether the text consists only of parts of known sequences, each at least four characters long, in either
    /// direction.
    /// </summary>
    private static bool IsRun(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var longest = Sequences.Max(sequence =>
                Math.Max(RunLength(text, at, sequence, 1), RunLength(text, at, sequence, -1)));
            if (longest < 4)
                return false;
            at += longest;
        }

        return true;
    }

    private static int RunLength(string text, int at, string sequence, int step)
    {
        var index = sequence.IndexOf(char.ToLowerInvariant(text[at]), StringComparison.Ordinal);
        if (index < 0)
            return 0;
        var length = 1;
        while (at + length < text.Length)
        {
            index = (index + step + sequence.Length) % sequence.Length;
            if (sequence[index] != char.ToLowerInvariant(text[at + length]))
                break;
            length++;
        }

        return length;
    }

    private static bool IsBuiltAround(string password, string username)
    {
        if (username.Length < 3 || !password.Contains(username, StringComparison.OrdinalIgnoreCase))
            return string.Equals(password, username, StringComparison.OrdinalIgnoreCase);
        var rest = password.Replace(username, "", StringComparison.OrdinalIgnoreCase);
        return rest.Length < LowestMinLength || IsRepeated(rest) || IsRun(rest);
    }

    private static HashSet<string> LoadCommon()
    {
        using var stream = typeof(PasswordPolicy).Assembly.GetManifestResourceStream("CommonPasswords.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return new HashSet<string>(reader.ReadToEnd().Split('\n', Trimmed), StringComparer.OrdinalIgnoreCase);
    }
}
