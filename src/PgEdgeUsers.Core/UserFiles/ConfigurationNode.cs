using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>A value in the server's configuration. An alias is represented by the node that it refers to.</summary>
/// <param name="line">The line where it begins, from 1.</param>
internal abstract class ConfigurationNode(int line)
{
    public int Line => line;

    /// <summary>Whether it is null, which the server accepts for any kind of value.</summary>
    public virtual bool IsNull => false;

    /// <summary>What the server's YAML reader compares to find duplicate keys.</summary>
    public abstract string Identity { get; }
}

/// <summary>A single value.</summary>
/// <param name="line">The line where it begins.</param>
/// <param name="value">The value.</param>
/// <param name="isPlain">Whether it has neither quotes nor a tag that makes it a string.</param>
internal sealed class ConfigurationScalar(int line, string value, bool isPlain) : ConfigurationNode(line)
{
    public string Value => value;

    public bool IsPlain => isPlain;

    public override bool IsNull => isPlain && YamlScalar.IsNull(value);

    /// <summary>Whether it is the key whose value is merged into the mapping.</summary>
    public bool IsMerge => isPlain && value == "<<";

    public override string Identity => value;
}

/// <summary>A list.</summary>
internal sealed class ConfigurationList(int line) : ConfigurationNode(line)
{
    public List<ConfigurationNode> Items { get; } = [];

    public override string Identity => "[]";
}

/// <summary>Keys with their values.</summary>
internal sealed class ConfigurationMapping(int line) : ConfigurationNode(line)
{
    public List<(ConfigurationNode Key, ConfigurationNode Value)> Pairs { get; } = [];

    public override string Identity => "{}";

    /// <summary>
    /// The value of a key in the mapping itself or, if it does not have the key, in what is merged into it.
    /// </summary>
    public ConfigurationNode? Find(string key) =>
        Settings().FirstOrDefault(setting => setting.Key == key).Value;

    /// <summary>The effective settings: the mapping's own, then the merged ones that it does not override.</summary>
    /// <exception cref="ConfigurationException">
    /// A key appears twice or is not a scalar, or a merged value is not a mapping.
    /// </exception>
    public IEnumerable<(string Key, ConfigurationNode Value)> Settings()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in Pairs)
        {
            if (!seen.Add($"{key.GetType().Name} {key.Identity}"))
            {
                var name = VisibleText.BeginningOf(key.Identity);
                throw new ConfigurationException(key.Line, $"the key '{name}' appears twice");
            }

            if (key is not ConfigurationScalar)
                throw new ConfigurationException(key.Line, "a key is not a single value");
        }

        return Own().Concat(Merged()).DistinctBy(setting => setting.Key, StringComparer.Ordinal);
    }

    private IEnumerable<(string Key, ConfigurationNode Value)> Own() =>
        from pair in Pairs
        let key = (ConfigurationScalar)pair.Key
        where !key.IsMerge && !key.IsNull
        select (key.Value, pair.Value);

    private IEnumerable<(string Key, ConfigurationNode Value)> Merged() =>
        from pair in Pairs
        where pair.Key is ConfigurationScalar { IsMerge: true }
        from merged in pair.Value is ConfigurationList list ? list.Items : [pair.Value]
        from setting in merged is ConfigurationMapping mapping
            ? mapping.Settings()
            : throw new ConfigurationException(merged.Line, "what is merged with '<<' is not a mapping")
        select setting;
}

/// <summary>The server cannot use its configuration.</summary>
internal sealed class ConfigurationException(int line, string reason) : Exception(reason)
{
    /// <summary>The line, from 1.</summary>
    public int Line => line;
}
