using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// The settings of all server generations, and the kind of value of each. A value of another kind makes the server
/// ignore its whole configuration. The server does not check settings that it does not know.
/// </summary>
internal static class ConfigurationSchema
{
    private enum Kind
    {
        Text,
        Flag,
        WholeNumber,
        Number,
        Section,
        Texts,
        Sections,
    }

    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal);

    static ConfigurationSchema()
    {
        Add("", Kind.Section, "http", "embedding", "llm", "knowledgebase", "builtins");
        Add("", Kind.Sections, "databases");
        Add("", Kind.Text, "secret_file", "custom_definitions_path", "data_dir", "trace_file");

        Add("http.", Kind.Flag, "enabled");
        Add("http.", Kind.Text, "address");
        Add("http.", Kind.Section, "tls", "auth");
        Add("http.tls.", Kind.Flag, "enabled");
        Add("http.tls.", Kind.Text, "cert_file", "key_file", "chain_file");
        Add("http.auth.", Kind.Flag, "enabled");
        Add("http.auth.", Kind.Text, "token_file", "user_file");
        Add("http.auth.", Kind.WholeNumber,
            "max_failed_attempts_before_lockout", "rate_limit_window_minutes", "rate_limit_max_attempts");

        Add("databases.", Kind.Text,
            "name", "host", "database", "user", "password", "sslmode", "target_session_attrs",
            "pool_max_conn_idle_time", "pool_health_check_period", "pool_max_conn_lifetime", "connect_timeout",
            "metadata_ttl");
        Add("databases.", Kind.WholeNumber, "port", "pool_max_conns", "pool_min_conns");
        Add("databases.", Kind.Flag, "allow_writes", "allow_llm_switching");
        Add("databases.", Kind.Texts, "available_to_users", "allowed_pl_languages");
        Add("databases.", Kind.Sections, "hosts");
        Add("databases.hosts.", Kind.Text, "host");
        Add("databases.hosts.", Kind.WholeNumber, "port");

        Add("embedding.", Kind.Flag, "enabled");
        Add("embedding.", Kind.Text,
            "provider", "model", "voyage_api_key", "voyage_api_key_file", "voyage_base_url", "openai_api_key",
            "openai_api_key_file", "openai_base_url", "ollama_url");
        Add("llm.", Kind.Flag, "enabled");
        Add("llm.", Kind.Text,
            "provider", "model", "anthropic_api_key", "anthropic_api_key_file", "anthropic_base_url", "openai_api_key",
            "openai_api_key_file", "openai_base_url", "ollama_url");
        Add("llm.", Kind.WholeNumber, "max_tokens");
        Add("llm.", Kind.Number, "temperature");
        Add("knowledgebase.", Kind.Flag, "enabled");
        Add("knowledgebase.", Kind.Text,
            "database_path", "embedding_provider", "embedding_model", "embedding_voyage_api_key",
            "embedding_voyage_api_key_file", "embedding_voyage_base_url", "embedding_openai_api_key",
            "embedding_openai_api_key_file", "embedding_openai_base_url", "embedding_ollama_url");

        Add("builtins.", Kind.Section, "tools", "resources", "prompts");
        Add("builtins.tools.", Kind.Flag,
            "query_database", "get_schema_info", "similarity_search", "execute_explain", "generate_embedding",
            "search_knowledgebase", "count_rows", "llm_connection_selection");
        Add("builtins.resources.", Kind.Flag, "system_info");
        Add("builtins.prompts.", Kind.Flag,
            "explore_database", "setup_semantic_search", "diagnose_query_issue", "design_schema");
    }

    /// <summary>Checks a configuration.</summary>
    /// <exception cref="ConfigurationException">A setting has a value of the wrong kind, or appears twice.</exception>
    public static void Check(ConfigurationNode root) => CheckSection(root, "");

    private static void Add(string section, Kind kind, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            Kinds.Add(section + key, kind);
    }

    private static void CheckSection(ConfigurationNode node, string prefix)
    {
        if (node.IsNull)
            return;
        if (node is not ConfigurationMapping mapping)
        {
            var what = prefix.Length == 0 ? "the file" : $"'{prefix.TrimEnd('.')}'";
            throw new ConfigurationException(node.Line, $"{what} must be a mapping of settings to values");
        }

        foreach (var (key, value) in mapping.Settings())
        {
            if (Kinds.TryGetValue(prefix + key, out var kind) && !value.IsNull)
                CheckValue(value, kind, prefix + key);
        }
    }

    private static void CheckValue(ConfigurationNode node, Kind kind, string name)
    {
        switch (kind)
        {
            case Kind.Section:
                CheckSection(node, name + ".");
                break;
            case Kind.Sections when node is ConfigurationList list:
                list.Items.ForEach(item => CheckSection(item, name + "."));
                break;
            case Kind.Texts when node is ConfigurationList list:
                list.Items.ForEach(item => CheckValue(item, Kind.Text, name));
                break;
            case Kind.Sections or Kind.Texts:
                throw new ConfigurationException(node.Line, $"'{name}' must be a list");
            default:
                if (node is not ConfigurationScalar value)
                    throw new ConfigurationException(node.Line, $"'{name}' must be a single value");
                if (Expected(value, kind) is { } expected)
                    throw new ConfigurationException(node.Line, $"'{name}' must be {expected}");
                break;
        }
    }

    /// <summary>What a single value should be; null if it is valid.</summary>
    private static string? Expected(ConfigurationScalar value, Kind kind) => kind switch
    {
        Kind.Flag when !ServerValues.TryBoolean(value.Value, value.IsPlain, out _) => "true or false, without quotes",
        Kind.WholeNumber when !IsWhole(value) => "a whole number, without quotes",
        Kind.Number when !IsWhole(value) && !IsFraction(value) => "a number, without quotes",
        _ => null,
    };

    private static bool IsWhole(ConfigurationScalar value) =>
        value.IsPlain && ConfigurationNumber.TryWhole(value.Value, out _);

    private static bool IsFraction(ConfigurationScalar value) =>
        value.IsPlain && ConfigurationNumber.TryFraction(value.Value, out _);
}
