BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Test-PgEdgeUserFile' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'returns the findings of severity <Severity> and above' -ForEach @(
        @{ Severity = 'Warning (default)'; Parameters = @{}; Findings = 'WeakHashCost 3', 'WeakHashCost 11', 'WeakHashCost 19' }
        @{ Severity = 'Warning'; Parameters = @{ MinimumSeverity = 'Warning' }; Findings = 'WeakHashCost 3', 'WeakHashCost 11', 'WeakHashCost 19' }
        @{ Severity = 'Information'; Parameters = @{ MinimumSeverity = 'information' }; Findings = 'WeakHashCost 3', 'WeakHashCost 11', 'NeverSignedIn 11', 'WeakHashCost 19', 'DisabledByLockout 19' }
        @{ Severity = 'Error'; Parameters = @{ MinimumSeverity = 'Error' }; Findings = $null }
    ) {
        Test-PgEdgeUserFile $file @Parameters | ForEach-Object { "$($_.Id) $($_.Line)" } | Should -BeExactly $Findings

        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -BeNullOrEmpty
    }

    It 'says what it found, where, and what to do' {
        Edit-UserFile $file 'username: bob' 'username: Bob'

        $finding = Test-PgEdgeUserFile $file | Where-Object Id -EQ KeyDiffersFromUsername

        $finding.PSTypeNames[0] | Should -BeExactly PgEdgeUsers.PgEdgeUserFileFinding
        "$finding" | Should -BeExactly "The username of user 'bob' is 'Bob', but sign-in uses 'bob'."
        $finding.PSObject.Properties | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Value)" } | Should -BeExactly @(
            'Id KeyDiffersFromUsername'
            'Line 11'
            "Message The username of user 'bob' is 'Bob', but sign-in uses 'bob'."
            "Path $file"
            'Remedy Write the same name; Repair-PgEdgeUserFile does so.'
            'Severity Warning'
            'Username bob'
        )
    }

    It 'returns a missing file as a finding' {
        $finding = Test-PgEdgeUserFile (Join-Path (Split-Path $file) no.yaml)

        $finding.Id, "$($finding.Severity)", $finding.Line, $finding.Remedy | Should -BeExactly FileMissing, Error, $null, 'Make it with New-PgEdgeUser, or name another with -Path.'
    }

    It 'takes <Input> from the pipeline' -ForEach @(
        @{ Input = 'a path'; Command = { $file } }
        @{ Input = 'what Get-Item returns'; Command = { Get-Item $file } }
        @{ Input = 'what Get-PgEdgeUserFile returns'; Command = { Get-PgEdgeUserFile $file } }
        @{ Input = 'an object with a path'; Command = { [pscustomobject]@{ Path = $file; Password = 'x' } } }
        @{ Input = 'a FileInfo that has no PSPath'; Command = { [System.IO.FileInfo]::new($file) } }
    ) {
        & $Command | Test-PgEdgeUserFile | Should -HaveCount 3
    }

    It 'takes <Input> as an argument' -ForEach @(
        @{ Input = 'what Get-Item returns'; Command = { Get-Item $file } }
        @{ Input = 'what Get-PgEdgeUserFile returns'; Command = { Get-PgEdgeUserFile $file } }
        @{ Input = 'a FileInfo that has no PSPath'; Command = { [System.IO.FileInfo]::new($file) } }
    ) {
        Test-PgEdgeUserFile -Path (& $Command) | Should -HaveCount 3
    }

    It 'returns the findings of several files with the path of each' {
        $one, $two = (New-UserFile one.yaml), (New-UserFile two.yaml)
        Set-UserFile $one "users:`n    one:`n"
        Set-UserFile $two "users:`n    two:`n"

        $one, $file, $two | Test-PgEdgeUserFile -MinimumSeverity Error | ForEach-Object { "$($_.Id) $($_.Username) $($_.Path)" } |
            Should -BeExactly "NullEntry one $one", "NullEntry two $two"
    }
}
