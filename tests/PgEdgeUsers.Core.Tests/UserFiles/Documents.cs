using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>A piece of a generated text, which may belong to a user and may be the value of a field.</summary>
internal sealed record Piece(string Text, int? User = null, AccountField? Field = null);

/// <summary>A generated file: its users, and every piece of its text.</summary>
internal sealed record GeneratedFile(
    IReadOnlyList<Piece> Pieces, IReadOnlyList<UserAccount> Users, bool IsFlow, string Style)
{
    public string Text => string.Concat(Pieces.Select(p => p.Text));

    public override string ToString() => $"{Style}:\n{Text.Replace("\r", "␍", StringComparison.Ordinal)}";

    /// <summary>The text without its users. There was at least one.</summary>
    public string Emptied
    {
        get
        {
            var usersLine = Pieces.First(p => p.Text.Contains("users", StringComparison.Ordinal)
                && p.Text.Contains(':', StringComparison.Ordinal) && !p.Text.Contains('#', StringComparison.Ordinal)
                || p.Text.StartsWith("users: # all", StringComparison.Ordinal));
            return string.Concat(Pieces.Where(p => p.User is null).Select(p =>
                p == usersLine ? p.Text.Insert(p.Text.IndexOf(':', StringComparison.Ordinal) + 1, " {}") : p.Text));
        }
    }

    /// <summary>
    /// Compares a text with this one after an edit. Everything that the edit does not affect must be unchanged. Returns
    /// a description of the first difference, or null.
    /// </summary>
    /// <param name="text">The text after the edit.</param>
    /// <param name="edited">The values that may differ.</param>
    /// <param name="removed">The users that must have been removed; not all of them.</param>
    /// <param name="isAdded">Whether lines may follow the last user.</param>
    public string? Mismatch(string text, Func<int, AccountField, bool> edited, IReadOnlySet<int> removed, bool isAdded)
    {
        var at = 0;
        var begun = new HashSet<int>();
        for (var i = 0; i < Pieces.Count; i++)
        {
            var piece = Pieces[i];
            if (piece.User is { } user && removed.Contains(user))
                continue;
            if (piece is { Field: { } field } && edited(piece.User!.Value, field))
            {
                var rest = Pieces[i + 1].Text[..Pieces[i + 1].Text.IndexOfAny(['\r', '\n'])];
                at = text.IndexOfAny(['\r', '\n'], at) - rest.Length;
                continue;
            }

            if (isAdded && i > 0 && Pieces.Take(i).Any(p => p.User is not null)
                && Pieces.Skip(i).All(p => p.User is null))
            {
                var rest = string.Concat(Pieces.Skip(i).Select(p => p.Text));
                return text.EndsWith(rest, StringComparison.Ordinal) && text.Length - rest.Length > at
                    ? null
                    : $"the end is not {rest}";
            }

            // Fields that were missing come before the first one, each on its own line.
            if (piece.User is { } owner && i + 1 < Pieces.Count && Pieces[i + 1].Field is not null && begun.Add(owner)
                && HasMissing(owner, edited))
            {
                while (text.IndexOf('\n', at) is var lineBreak and >= 0
                    && !text.AsSpan(at).StartsWith(piece.Text, StringComparison.Ordinal))
                {
                    at = lineBreak + 1;
                }
            }

            if (!text.AsSpan(Math.Min(at, text.Length)).StartsWith(piece.Text, StringComparison.Ordinal))
                return $"no '{piece.Text}' at {at}";
            at += piece.Text.Length;
        }

        return at == text.Length || isAdded ? null : $"there is more at {at}";
    }

    private bool HasMissing(int user, Func<int, AccountField, bool> edited) =>
        AccountField.All.ToArray()
            .Any(field => edited(user, field) && !Pieces.Any(p => p.User == user && p.Field == field));
}

/// <summary>Generates files as people and programs write them, and edits of them.</summary>
internal static class Documents
{
    private static readonly string[] Names =
        ["alice", "bob", "\"carol\"", "'dave'", "Zoë", "日本", "O'Brien", "\"1e3\"", "123", "no", "user@example.com",
            "\"a b\"", "two words", "\"\\x41\"", "'it''s'", "x:y", "-dash", "\"null\""];

    private static readonly string[] PlainNotes = ["note", "two words", "$x", "a:b", "a#b", "日本語", "12", "true",
        "C:\\temp"];
    private static readonly string[] QuotedNotes = ["\"\"", "''", "'a: b'", "\"a \\\"b\\\" \\u00e9\"", "'it''s # one'",
        "\"\\U0001F600\"", "' lead'"];
    private static readonly string[] Times = ["2025-12-23T15:26:41.123456789Z", "2024-02-29T23:59:59.5+05:30",
        "2025-01-02", "2025-01-02 03:04:05", "'2025-01-02T03:04:05Z'", "0001-01-01T00:00:00Z"];
    private static readonly string[] Comments = ["# comment", "# users: {x: y}", "#", "# \"unbalanced '", "# 日本 😀"];
    private static readonly string[] Unknown = ["1", "text", "[1, {a: [b, 'c']}]", "{x: {y: []}, \"z\": null}",
        "\"# no comment\"", "", "~", "'x: y'"];

    public static Arbitrary<GeneratedFile> Block => Gen.SelectMany(Style, BlockFile).ToArbitrary();

    public static Arbitrary<GeneratedFile> Flow => Gen.SelectMany(Style, FlowFile).ToArbitrary();

    /// <summary>
    /// The style of a file: line break, indentation, byte order mark, number of users, and how many comments and
    /// unknown keys there are.
    /// </summary>
    private static Gen<FileStyle> Style =>
        from lineBreak in Gen.Elements("\n", "\n", "\r\n")
        from outer in Gen.Elements(2, 4, 1, 3)
        from inner in Gen.Elements(2, 4, 1)
        from mark in Gen.Elements("", "", "\uFEFF")
        from users in Gen.Choose(0, 5)
        from trivia in Gen.Choose(0, 3)
        select new FileStyle(lineBreak, outer, inner, mark, users, trivia);

    private static Gen<GeneratedFile> BlockFile(FileStyle style) =>
        from names in Gen.Shuffle(Names)
        from head in TopLevel(style, 'h')
        from tail in TopLevel(style, 't')
        from users in Gen.CollectToArray(Enumerable.Range(0, style.Users), i => BlockUser(style, i, names[i]))
        // A file without the key 'users' must have no other keys: users cannot be added to such a file.
        from empty in Gen.Elements("users:", "users: null", "users: {}", "users: ~", "users: { }", "\"users\":",
            style.Trivia > 0 ? "users:" : "")
        from usersLine in Gen.Elements("users:", "users: # all of them", "\"users\":", "'users' :")
        from start in Gen.Elements("", "", "---")
        select new GeneratedFile(
            [
                new(style.Mark + (start.Length > 0 ? start + style.LineBreak : "")), .. head,
                new(users.Length > 0 ? usersLine + style.LineBreak : empty.Length > 0 ? empty + style.LineBreak : ""),
                .. users.SelectMany(u => u.Pieces), .. tail,
            ],
            [.. users.Select(u => u.Account)], IsFlow: false, style.ToString());

    /// <summary>Comments and keys that the server does not know, at the top level.</summary>
    private static Gen<Piece[]> TopLevel(FileStyle style, char prefix) =>
        from count in Gen.Choose(0, style.Trivia)
        from lines in Gen.CollectToArray(Enumerable.Range(0, count), i => Gen.OneOf(
            Gen.Elements(Comments),
            Gen.Constant(""),
            from value in Gen.Elements(Unknown) select $"{prefix}{i}: {value}".TrimEnd(),
            Gen.Constant(
                string.Join(style.LineBreak, $"{prefix}{i}:", "  - a", "  - b: 'c'", "    d:", "      - {e: f}")),
            Gen.Constant($"{prefix}{i}: |{style.LineBreak}  users:{style.LineBreak}    # no comment{style.LineBreak}")))
        select lines.Select(line => new Piece(line + style.LineBreak)).ToArray();

    private static Gen<GeneratedUser> BlockUser(FileStyle style, int user, string key) =>
        from fields in Gen.Shuffle(AccountField.All.ToArray())
        from ordered in Gen.Elements(true, true, false)
        from kept in Gen.Choose(0, 3)
        from values in Values(style, isFlow: false)
        from comments in Gen.ArrayOf(Gen.Elements(["", "", "", .. Comments]), 8)
        from ends in Gen.ArrayOf(Gen.Elements("", "", "", " # why", "  "), 7)
        from unknown in Gen.Elements(["", "", .. Unknown.Select(u => $"role: {u}".TrimEnd()),
            $"more:{style.LineBreak}{style.FieldIndent}  - x{style.LineBreak}{style.FieldIndent}  - y: z"])
        select MakeUser(style, user, key, [.. Chosen(ordered ? AccountField.All.ToArray() : fields, kept)], values,
            comments, ends, unknown);

    /// <summary>
    /// All fields or some of them. The last one is always there, because a file without it could be truncated.
    /// </summary>
    private static IEnumerable<AccountField> Chosen(AccountField[] fields, int kept) =>
        fields.Where((field, i) => kept > 0 || field == AccountField.FailedAttempts || i % 2 == 0);

    private static GeneratedUser MakeUser(FileStyle style, int user, string key, AccountField[] fields,
        FieldValues values, string[] comments, string[] ends, string unknown)
    {
        var pieces = new List<Piece>();
        void Comment(int at, string indent)
        {
            if (comments[at].Length > 0)
                pieces.Add(new Piece(indent + comments[at] + style.LineBreak, at == 0 ? null : user));
        }

        Comment(0, style.UserIndent);
        pieces.Add(new Piece($"{style.UserIndent}{key}:{style.LineBreak}", user));
        for (var i = 0; i < fields.Length; i++)
        {
            Comment(i + 1, style.FieldIndent);
            var text = values.Text(fields[i]);
            pieces.Add(new Piece($"{style.FieldIndent}{fields[i].Key}:", user));
            pieces.Add(new Piece(text.Length > 0 ? " " + text : "", user, fields[i]));
            pieces.Add(new Piece((text is ['|' or '>', ..] ? "" : ends[i]) + style.LineBreak, user));
            if (i == 2 && unknown.Length > 0)
                pieces.Add(new Piece(style.FieldIndent + unknown + style.LineBreak, user));
        }

        return new GeneratedUser(
            pieces, values.Account(Store.Read($"users: {{{key}: {{}}}}").Users().Single().Name, fields));
    }

    private static Gen<GeneratedFile> FlowFile(FileStyle style) =>
        from names in Gen.Shuffle(Names)
        from json in Gen.Elements(true, false)
        from space in Gen.Elements("", " ", "\n  ", " # c\n  ")
        from comma in Gen.Elements(",", ", ", " ,\n   ")
        from trailing in Gen.Elements("", "", ",")
        from values in Gen.CollectToArray(Enumerable.Range(0, style.Users), _ => Values(style, isFlow: true))
        from unknown in Gen.Elements("", "", "\"x\": [1, {\"y\": null}]")
        from rootStyle in Gen.Choose(0, 2)
        let keys = names.Take(style.Users).Select(name => InFlow(name, json)).ToArray()
        select MakeFlow(style, keys, values, space, comma, trailing, unknown, rootStyle);

    /// <summary>A name as a key in flow style: in double quotes as in JSON, or in single quotes.</summary>
    private static string InFlow(string name, bool json)
    {
        if (name is ['"' or '\'', ..])
            return name;
        return json ? $"\"{name}\"" : "'" + name.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    private static GeneratedFile MakeFlow(FileStyle style, string[] keys, FieldValues[] values, string space,
        string comma, string trailing, string unknown, int rootStyle)
    {
        var fields = AccountField.All.ToArray();
        var pieces = new List<Piece> { new(style.Mark) };
        if (rootStyle > 0)
            pieces.Add(new Piece($"{{{space}{(unknown.Length > 0 ? unknown + comma : "")}\"users\": {{{space}"));
        else
            pieces.Add(new Piece($"# head{style.LineBreak}users: {{{space}"));
        for (var user = 0; user < keys.Length; user++)
        {
            pieces.Add(new Piece($"{keys[user]}: {{", user));
            foreach (var field in fields)
            {
                pieces.Add(new Piece($"{(field.Index > 0 ? comma : "")}\"{field.Key}\": ", user));
                pieces.Add(new Piece(values[user].Text(field), user, field));
            }

            pieces.Add(new Piece("}", user));
            pieces.Add(new Piece(user + 1 < keys.Length ? comma : trailing));
        }

        pieces.Add(new Piece(space + (rootStyle > 0 ? "}" + space + "}" : "}") + style.LineBreak));
        return new GeneratedFile(
            pieces, [.. keys.Select((key, i) => values[i].Account(Store.Read($"users: {{{key}: {{}}}}").Users()
                .Single().Name, fields))], IsFlow: true, style.ToString());
    }

    private static Gen<FieldValues> Values(FileStyle style, bool isFlow) =>
        from note in isFlow ? Gen.Elements(QuotedNotes) : Gen.OneOf(
            Gen.Elements(PlainNotes), Gen.Elements(QuotedNotes), Gen.Constant(""),
            Gen.Constant($"|{style.LineBreak}{style.FieldIndent}  two{style.LineBreak}{style.FieldIndent}  # lines"),
            Gen.Constant($">-{style.LineBreak}{style.FieldIndent} folded{style.LineBreak}{style.FieldIndent} lines"))
        from shown in isFlow
            ? Gen.Elements(QuotedNotes)
            : Gen.OneOf(Gen.Elements(PlainNotes), Gen.Elements(QuotedNotes))
        from hash in Gen.Elements(Sample.Hash, $"\"{Sample.Hash}\"", $"'{Sample.OtherHash}'")
        from created in Gen.Elements(Times)
        from login in Gen.Elements(["null", "~", .. isFlow ? Array.Empty<string>() : [""], .. Times])
        from enabled in Gen.Elements("true", "false", "yes", "'on'", "False")
        from attempts in Gen.Elements("0", "3", "+12", "2147483647", "-1")
        select new FieldValues(shown, hash, created, login, enabled, note, attempts);

    private sealed record GeneratedUser(IReadOnlyList<Piece> Pieces, UserAccount Account);

    private sealed record FileStyle(string LineBreak, int Outer, int Inner, string Mark, int Users, int Trivia)
    {
        public string UserIndent => new(' ', Outer);

        public string FieldIndent => new(' ', Outer + Inner);
    }

    /// <summary>
    /// The texts of a user's values. Their meaning is found by reading them in the layout of the server.
    /// </summary>
    private sealed record FieldValues(
        string Username, string Hash, string Created, string Login, string Enabled, string Note, string Attempts)
    {
        public string Text(AccountField field) =>
            new[] { Username, Hash, Created, Login, Enabled, Note, Attempts }[field.Index];

        public UserAccount Account(string name, IReadOnlyCollection<AccountField> fields)
        {
            var lines = fields.Select(field => $"        {field.Key}: {Relaid(Text(field))}\n");
            return Store.Read($"users:\n    x:\n{string.Concat(lines)}").Users().Single() with { Name = name };
        }

        /// <summary>The lines of a block scalar, indented as in the server's layout.</summary>
        private static string Relaid(string text) => Regex.Replace(text, @"\r?\n +", "\n            ");
    }
}
