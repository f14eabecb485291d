BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Repair-PgEdgeUserFile' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'returns what it repaired and keeps a copy of the file as it was' {
        $good = Get-Text $file
        Edit-UserFile $file 'username: bob' 'username: Bob'
        Edit-UserFile $file "users:`n" "users:`n    ghost:`n"
        $bad = Get-Text $file

        $result = Invoke-Script { Repair-PgEdgeUserFile $file -Verbose }

        $result.Output | ForEach-Object { "$($_.Id) $($_.Line) $($_.Username)" } |
            Should -BeExactly 'NullEntry 3 ghost', 'KeyDiffersFromUsername 12 bob'
        Get-Text $file | Should -BeExactly $good
        $copy = Join-Path (Split-Path $file) (Get-Sidecar $file | Where-Object { $_ -like '*.bak' })
        Get-Text $copy | Should -BeExactly $bad
        $result.Verbose | Should -Contain "A copy of the original file is in '$copy'."
        Test-PgEdgeUserFile $file -MinimumSeverity Error | Should -BeNullOrEmpty
    }

    It 'repairs a mode, keeps the text and needs no copy' -Skip:$IsWindows {
        $text = Get-Text $file
        chmod 640 $file

        $result = Invoke-Script { Repair-PgEdgeUserFile $file -NoAudit -Verbose }

        $result.Output.Id | Should -BeExactly ModeTooWide
        $result.Verbose -join "`n" | Should -Not -BeLike '*as it was*'
        (Get-Item $file).UnixMode | Should -Be '-rw-------'
        Get-Text $file | Should -BeExactly $text
        Get-Sidecar $file | Where-Object { $_ -like '*.bak' } | Should -BeNullOrEmpty
        Repair-PgEdgeUserFile $file | Should -BeNullOrEmpty
    }

    It 'repairs a file once, whatever it is piped as: <_>' -ForEach @(
        { Get-PgEdgeUserFile $file | Test-PgEdgeUserFile -Detailed | Repair-PgEdgeUserFile }
        { Get-PgEdgeUserFile $file | Repair-PgEdgeUserFile }
        { $file | Repair-PgEdgeUserFile }
        { [System.IO.FileInfo]::new($file) | Repair-PgEdgeUserFile }
        { [pscustomobject]@{ Path = $file; Password = 'x' } | Repair-PgEdgeUserFile }
        { [pscustomobject]@{ UserFile = $file } | Repair-PgEdgeUserFile }
        { Get-Item $file | Repair-PgEdgeUserFile }
        { Get-PgEdgeUser -Path $file | Repair-PgEdgeUserFile }
    ) {
        Edit-UserFile $file 'username: alice' 'username: Alice'

        "$(& $_)" | Should -BeExactly "The username of user 'alice' is 'Alice', but sign-in uses 'alice'."

        Get-Field $file alice username | Should -BeExactly alice
        Get-Sidecar $file | Where-Object { $_ -like '*.bak' } | Should -HaveCount 1
    }

    It 'writes the missing fields of a file of the server''s first release' {
        $fields = "username: alice, enabled: true, annotation: '', last_login: null, created_at: 2025-01-02T03:04:05Z"
        Set-UserFile $file "users: {alice: {$fields}}`n"

        (Repair-PgEdgeUserFile $file).Id | Should -BeExactly MissingField

        Get-Text $file | Should -BeLike 'users: {alice: {*failed_attempts: 0*}}*'
        Test-PgEdgeUserFile $file -Detailed -MinimumSeverity Information | Where-Object Id -EQ MissingField |
            Should -BeNullOrEmpty
    }

    It 'repairs several files in one pipeline' {
        $one, $two = (New-UserFile one.yaml), (New-UserFile two.yaml)
        Set-UserFile $one "users:`n    one:`n"
        Set-UserFile $two "users:`n    two:`n"

        $one, $file, $two | Repair-PgEdgeUserFile | Where-Object Id -EQ NullEntry |
            ForEach-Object { "$($_.Username) $($_.Path)" } |
            Should -BeExactly "one $one", "two $two"

        Test-Untouched $file | Should -BeTrue
    }

    It 'records each finding that it repaired, and why' {
        Edit-UserFile $file 'username: alice' 'username: Alice'
        if (-not $IsWindows) {
            chmod 640 $file
        }

        $null = Repair-PgEdgeUserFile $file -Reason 'Ticket 4711'

        Get-PgEdgeAuditEvent -Path $file |
            ForEach-Object { "$($_.Event) $($_.Username) $($_.Success) $($_.Reason) $($_.Target)" } |
                Should -BeExactly @(
            if (-not $IsWindows) { "FileRepaired  True ModeTooWide: Ticket 4711 $file" }
            "FileRepaired alice True KeyDiffersFromUsername: Ticket 4711 $file"
        )
    }

    It 'records <Where>' -ForEach @(
        @{ Where = 'nothing with -NoAudit'; Parameters = @{ NoAudit = $true }; Records = $null }
        @{ Where = 'in the file of -AuditPath'; Parameters = @{ AuditPath = 'other.jsonl' }; Records = 'other.jsonl' }
    ) {
        Edit-UserFile $file 'username: alice' 'username: Alice'
        Push-Location (Split-Path $file)
        try {
            $null = Repair-PgEdgeUserFile $file @Parameters
        }
        finally {
            Pop-Location
        }

        Get-Sidecar $file | Where-Object { $_ -like '*.jsonl' } | Should -Be $Records
    }
}
